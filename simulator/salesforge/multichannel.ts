import type { FastifyInstance } from 'fastify';
import { minutes } from '../durations';
import { Refusal, type Parts } from './api';
import { mailboxIdOf, type Day, type Enrolment, type Sequence } from './workspace';

interface One {
  Params: { id: string };
}
interface Confirmation {
  Params: { id: string; preflight: string };
}

/** The API of sequences: one root, and as many e-mails behind it as somebody puts there. */
export function multichannelRoutes(app: FastifyInstance, { context, workspace, departures }: Parts): void {
  const { sequences, profiles, preflights } = workspace;
  const sequenceOf = (id: string): Sequence => {
    const found = sequences.get(Number(id));
    if (found === undefined) throw new Refusal(404, 'sequence not found');
    return found;
  };
  /** The last branch is open: each node makes a new one behind itself. */
  const branchesOf = ({ id, mails }: Sequence) =>
    Array.from({ length: mails.length + 1 }, (_, nr) => ({
      id: id * 100 + nr,
      name: 'next',
      fromNodeId: id * 1_000 + nr,
      toNodeId: nr < mails.length ? id * 1_000 + nr + 1 : null,
    }));

  app.get('/sequences', (request) => {
    const { page = '1', limit = '10' } = request.query as Record<string, string | undefined>;
    return {
      sequences: pageOf([...sequences.values()], page, limit),
      pagination: pagination(sequences.size, page, limit),
    };
  });

  app.post('/sequences', (request, reply) => {
    const { name, timezone } = request.body as { name?: string; timezone?: string };
    if (!name || !timezone) throw new Refusal(400, 'name and timezone are required');
    const id = workspace.nextId();
    sequences.set(id, { id, name, timezone, status: 'draft', schedule: {}, mailbox: null, mails: [] });
    return reply.code(201).send({ id, name, timezone, status: 'draft', kind: 'primary' });
  });

  app.get<One>('/sequences/:id', ({ params }) => {
    const sequence = sequenceOf(params.id);
    const { id, name, status, timezone, mails } = sequence;
    const root = { id: id * 1_000, type: 'root' };
    const actions = mails.map((_, nr) => ({ id: id * 1_000 + nr + 1, type: 'action', actionId: 14 }));
    return { sequence: { id, name, status, timezone }, nodes: [root, ...actions], branches: branchesOf(sequence) };
  });

  app.get<One>('/sequences/:id/branches', ({ params }) => {
    const branches = branchesOf(sequenceOf(params.id));
    return { branches, pagination: pagination(branches.length, '1', '100') };
  });

  app.post<One>('/sequences/:id/nodes/actions', (request, reply) => {
    const sequence = sequenceOf(request.params.id);
    const { branchId, actionId, variants } = request.body as {
      branchId: number;
      actionId: number;
      variants: { metadata: { subject: string; message: string } }[];
    };
    if (branchesOf(sequence).at(-1)?.id !== branchId) throw new Refusal(500, 'the branch is taken');
    if (actionId !== 14 || variants[0] === undefined) throw new Refusal(400, 'an action and a variant are required');
    const { subject, message } = variants[0].metadata;
    sequence.mails.push({ subject, message });
    return reply.code(201).send({ id: sequence.id * 1_000 + sequence.mails.length, type: 'action' });
  });

  app.put<One>('/sequences/:id/schedule', (request) => {
    const sequence = sequenceOf(request.params.id);
    const { timezone, schedule } = request.body as { timezone: string; schedule: Record<string, Day> };
    if (Object.values(schedule).some(({ from, to }) => to <= from || to > 23))
      throw new Refusal(400, 'to must be after from');
    Object.assign(sequence, { timezone, schedule });
    return { timezone, schedule };
  });

  app.patch<One>('/sequences/:id/settings', ({ params, body }) => {
    sequenceOf(params.id);
    return body;
  });

  app.patch<One>('/sequences/:id/launch', ({ params }) => {
    const sequence = sequenceOf(params.id);
    if (sequence.mails.length === 0 || sequence.mailbox === null) throw new Refusal(400, 'nothing to launch');
    sequence.status = 'active';
    return { id: sequence.id, status: sequence.status };
  });

  app.patch<One>('/sequences/:id/status', ({ params, body }) => {
    const sequence = sequenceOf(params.id);
    sequence.status = (body as { status: 'active' | 'paused' }).status;
    return { id: sequence.id, status: sequence.status };
  });

  app.get('/sender-profiles', (request) => {
    const { page = '1', limit = '10' } = request.query as Record<string, string | undefined>;
    const shown = pageOf(profiles, page, limit).map(({ id, name, mailboxes }) => ({
      id,
      name,
      mailboxes: mailboxes.map((address) => ({ id: mailboxIdOf(address), address })),
    }));
    return { profiles: shown, pagination: pagination(profiles.length, page, limit) };
  });

  app.post('/sender-profiles', (request, reply) => {
    const { name, mailboxIds } = request.body as { name: string; mailboxIds: string[] };
    const mailboxes = context.resources.mailboxes.filter((address) => mailboxIds.includes(mailboxIdOf(address)));
    if (mailboxes.length !== mailboxIds.length) throw new Refusal(404, 'mailbox not found');
    const profile = { id: workspace.nextId(), name, mailboxes };
    profiles.push(profile);
    return reply.code(201).send({ id: profile.id, name, status: 'active' });
  });

  app.post<One>('/sequences/:id/sender-profiles', ({ params, body }) => {
    const sequence = sequenceOf(params.id);
    const { senderProfileIds } = body as { senderProfileIds: number[] };
    const profile = profiles.find(({ id }) => senderProfileIds.includes(id));
    if (profile === undefined) throw new Refusal(404, 'sender profile not found');
    sequence.mailbox = profile.mailboxes[0] ?? null;
    return { senderProfileIds };
  });

  app.post<One>('/sequences/:id/enrollments/preflight', async ({ params, body }) => {
    const { id } = sequenceOf(params.id);
    const { leadIds } = (body as { filters: { leadIds: string[] } }).filters;
    const known = leadIds.filter((one) => [...workspace.contacts.values()].some((contact) => contact.id === one));
    const here = known.filter((one) => placeIn(workspace.enrolments, one, id) !== undefined);
    const elsewhere = known.filter(
      (one) => !here.includes(one) && workspace.enrolments.some((e) => e.contactId === one && e.status === 'active'),
    );
    const free = known.filter((one) => !here.includes(one) && !elsewhere.includes(one));
    const preflightId = `pf_${workspace.nextId()}`;
    const expiresAt = new Date((await workspace.now()).getTime() + minutes(15));
    preflights.set(preflightId, { sequenceId: id, contactIds: free, expiresAt });
    const summary = {
      candidateCount: known.length,
      decisionRequiredCount: elsewhere.length,
      automaticEnrollmentCount: free.length,
      alreadyInTargetCount: here.length,
    };
    return {
      preflightId,
      expiresAt: expiresAt.toISOString(),
      summary,
      moveGroups: [],
      repliedDecision: { contactCount: 0 },
    };
  });

  app.post<Confirmation>('/sequences/:id/enrollments/preflight/:preflight/confirm', async (request) => {
    const { id } = sequenceOf(request.params.id);
    const preflight = preflights.get(request.params.preflight);
    preflights.delete(request.params.preflight);
    const isThere =
      preflight !== undefined && preflight.sequenceId === id && preflight.expiresAt > (await workspace.now());
    if (!isThere) throw new Refusal(404, 'preflight not found');
    const touchId = request.headers['x-touch-id'];
    const enrolledLeadIds = preflight.contactIds.filter((one) => placeIn(workspace.enrolments, one, id) === undefined);
    for (const contactId of enrolledLeadIds) {
      const enrolment: Enrolment = {
        id: `enrolment-${workspace.nextId()}`,
        sequenceId: id,
        contactId,
        status: 'active',
        touchId: typeof touchId === 'string' ? touchId : null,
        sentAt: null,
      };
      workspace.enrolments.push(enrolment);
      await departures.enrolled(enrolment);
    }
    return { enrolledLeadIds, summary: { enrolledCount: enrolledLeadIds.length, skippedCount: 0 } };
  });

  app.post<One>('/sequences/:id/enrollments/remove', (request, reply) => {
    const { id } = sequenceOf(request.params.id);
    const { leadIds } = (request.body as { filters: { leadIds: string[] } }).filters;
    const stays = (one: Enrolment): boolean => one.sequenceId !== id || !leadIds.includes(one.contactId);
    workspace.enrolments = workspace.enrolments.filter(stays);
    return reply.code(204).send();
  });
}

const placeIn = (enrolments: readonly Enrolment[], contactId: string, sequenceId: number): Enrolment | undefined =>
  enrolments.find((one) => one.contactId === contactId && one.sequenceId === sequenceId);

const pageOf = <T>(rows: readonly T[], page: string, limit: string): T[] =>
  rows.slice((Number(page) - 1) * Number(limit), Number(page) * Number(limit));

function pagination(total: number, page: string, limit: string) {
  const totalPages = Math.ceil(total / Number(limit));
  return { page: Number(page), limit: Number(limit), total, totalPages, hasNext: Number(page) < totalPages };
}
