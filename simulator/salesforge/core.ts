import type { FastifyInstance } from 'fastify';
import { stableId } from '../chance';
import { Refusal, type Parts } from './api';
import { contactIdOf, mailboxIdOf, threadIdOf, type Contact, type ThreadMail, type Workspace } from './workspace';

type Query = Record<string, string | string[] | undefined>;
interface Id {
  Params: { id: string };
  Querystring: Query;
}

/** The core API of one workspace: contacts, mailboxes, threads, sending data, DNC. */
export function coreRoutes(app: FastifyInstance, { context, workspace, departures }: Parts): void {
  const { mailboxes } = context.resources;

  app.post('/contacts', (request, reply) => {
    const given = (request.body ?? {}) as Partial<Contact>;
    if (!given.firstName || !given.email) throw new Refusal(400, 'firstName and email are required');
    const email = given.email.toLowerCase();
    const known = workspace.contacts.get(email);
    const customVars = { ...known?.customVars, ...given.customVars };
    const contact = { id: contactIdOf(email), email, firstName: given.firstName, customVars };
    workspace.contacts.set(email, contact);
    return reply.code(201).send(contactView(workspace, contact));
  });

  app.get<Id>('/contacts/:id', ({ params }) => {
    const found = [...workspace.contacts.values()].find(({ id }) => id === params.id);
    if (found === undefined) throw new Refusal(404, 'contact not found');
    return contactView(workspace, found);
  });

  app.get<Id>('/mailboxes', ({ query }) => {
    allowOnly(query, ['limit', 'offset', 'addresses[]', 'statuses[]']);
    const asked = query['addresses[]'];
    const shown = mailboxes.filter((address) => asked === undefined || [asked].flat().includes(address));
    return listOf(
      shown.map((address) => ({ id: mailboxIdOf(address), address, status: 'active', dailyEmailLimit: 100 })),
      query,
    );
  });

  app.get<Id>('/sending-data', ({ query }) => {
    allowOnly(query, ['limit', 'offset', 'sequence_ids[]']);
    const asked = [query['sequence_ids[]'] ?? []].flat().map(Number);
    const rows = workspace.enrolments.filter(({ sequenceId }) => asked.length === 0 || asked.includes(sequenceId));
    const emailOf = (id: string): string | undefined =>
      [...workspace.contacts.values()].find((contact) => contact.id === id)?.email;
    return listOf(
      rows.map(({ sequenceId, contactId, sentAt }) => ({
        sequenceId: String(sequenceId),
        contactId,
        email: emailOf(contactId),
        sent: sentAt?.toISOString() ?? '',
      })),
      query,
    );
  });

  app.post('/dnc/bulk', (request, reply) => {
    const { dncs = [] } = request.body as { dncs?: string[] };
    for (const value of dncs) workspace.dnc.add(value.toLowerCase());
    return reply.code(201).send({ created: dncs.length });
  });

  app.get<Id>('/threads', ({ query }) => {
    allowOnly(query, ['limit', 'offset', 'mailbox_ids[]', 'sequence_ids[]', 'q', 'filter']);
    const threads = threadsOf(workspace)
      .filter(([last]) => query['mailbox_ids[]'] === undefined || mailboxIdOf(last.mailbox) === query['mailbox_ids[]'])
      .map((mails) => threadView(workspace, mails))
      .filter(({ contactEmail }) => query['q'] === undefined || contactEmail === query['q']);
    return listOf(threads, query);
  });

  app.get<Id>('/threads/:id', ({ params }) => {
    const mails = workspace.mails.filter((mail) => threadIdOf(mail) === params.id);
    const [first] = mails;
    if (first === undefined) throw new Refusal(404, 'thread not found');
    const contact = [...workspace.contacts.values()].find(({ id }) => id === first.contactId);
    const sequenceId = mails.find((mail) => mail.sequenceId !== null)?.sequenceId ?? null;
    return {
      contact: { id: first.contactId, email: contact?.email, firstName: contact?.firstName },
      emails: mails.map(({ emailId, subject, content, at, from, to, replyType }) => ({
        id: emailId,
        emailId,
        subject,
        content,
        date: at.toISOString(),
        type: from === first.mailbox ? 'sent' : (replyType ?? 'received'),
        fromAddress: from,
        toAddress: to,
      })),
      linkedinMessages: [],
      sequence: sequenceId === null ? null : { id: String(sequenceId) },
    };
  });

  app.post<{ Params: { mailbox: string; email: string } }>(
    '/mailboxes/:mailbox/emails/:email/reply',
    async (request, reply) => {
      const { mailbox: mailboxId, email: emailId } = request.params;
      const answered = workspace.mails.find(
        (mail) => mail.emailId === emailId && mailboxIdOf(mail.mailbox) === mailboxId,
      );
      const contact = [...workspace.contacts.values()].find(({ id }) => id === answered?.contactId);
      if (answered === undefined || contact === undefined) throw new Refusal(404, 'email not found');
      const { content } = request.body as { content: string };
      const at = await workspace.now();
      const touchId = request.headers['x-touch-id'];
      const mail: ThreadMail = {
        emailId: `em_${stableId(16, answered.mailbox, emailId, content, at.getTime())}`,
        mailbox: answered.mailbox,
        contactId: contact.id,
        sequenceId: null,
        from: answered.mailbox,
        to: contact.email,
        subject: /^re:/i.test(answered.subject) ? answered.subject : `Re: ${answered.subject}`,
        content,
        at,
        replyType: null,
      };
      await departures.queued(mail, typeof touchId === 'string' ? touchId : null);
      return reply.code(204).send();
    },
  );
}

/** Salesforge refuses queries that it does not know. */
function allowOnly(query: Query, names: string[]): void {
  const unknown = Object.keys(query).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Refusal(400, `unknown query parameter ${unknown.join(', ')}`);
}

function listOf<T>(rows: T[], query: Query): { data: T[]; limit: number; offset: number; total: number } {
  const [limit, offset] = [Number(query['limit'] ?? 10), Number(query['offset'] ?? 0)];
  return { data: rows.slice(offset, offset + limit), limit, offset, total: rows.length };
}

function contactView({ enrolments, sequences }: Workspace, contact: Contact) {
  const places = enrolments.filter(({ contactId }) => contactId === contact.id);
  const named = places.map(({ sequenceId, status }) => ({
    id: String(sequenceId),
    name: sequences.get(sequenceId)?.name ?? '',
    status,
  }));
  return { ...contact, tags: [], sequences: named };
}

/** The mails of each thread, the latest first; the thread with the latest mail first. */
function threadsOf({ mails }: Workspace): [ThreadMail, ...ThreadMail[]][] {
  const threads = new Map<string, [ThreadMail, ...ThreadMail[]]>();
  for (const mail of mails) {
    const id = threadIdOf(mail);
    threads.set(id, [mail, ...(threads.get(id) ?? [])]);
  }
  return [...threads.values()].sort(([a], [b]) => b.at.getTime() - a.at.getTime());
}

function threadView({ contacts }: Workspace, mails: [ThreadMail, ...ThreadMail[]]) {
  const [last] = mails;
  const contact = [...contacts.values()].find(({ id }) => id === last.contactId);
  return {
    id: threadIdOf(last),
    mailboxId: mailboxIdOf(last.mailbox),
    contactEmail: contact?.email ?? '',
    subject: last.subject,
    content: last.content,
    date: last.at.toISOString(),
    replyType: mails.find(({ replyType }) => replyType !== null)?.replyType ?? null,
  };
}
