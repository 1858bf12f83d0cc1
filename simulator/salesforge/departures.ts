import { between, chance, stableId } from '../chance';
import type { ProviderContext } from '../provider';
import { plainTextOf, render } from './rendering';
import { nextOpen } from './schedule';
import {
  silenceOf,
  threadIdOf,
  type Contact,
  type Enrolment,
  type Sequence,
  type ThreadMail,
  type Workspace,
} from './workspace';

/** A mail that waits for its moment. */
type Waiting = { kind: 'carrier'; enrolment: Enrolment } | { kind: 'reply'; mail: ThreadMail; touchId: string | null };

export interface Departures {
  /** A contact that has just been taken into a sequence: its mail waits, or it is left alone in silence. */
  enrolled(enrolment: Enrolment): Promise<void>;
  /** A reply that has been queued. */
  queued(mail: ThreadMail, touchId: string | null): Promise<void>;
  /** The moment of a mail has come. */
  leave(id: string): Promise<void>;
}

type Context = Pick<ProviderContext, 'arrivals' | 'wake' | 'seed' | 'salesforge'>;

/** What Salesforge sends, and when: seconds after it was asked, inside the sequence's schedule. */
export function createDepartures(workspace: Workspace, { arrivals, wake, seed, salesforge }: Context): Departures {
  const waiting = new Map<string, Waiting>();
  const { from, to } = salesforge.leavesAfterSeconds;
  const delayMs = (id: string): number => between(from, to, chance(seed, id, 'leaves')) * 1_000;

  async function wait(id: string, what: Waiting, notBefore: Date): Promise<void> {
    waiting.set(id, what);
    const now = await workspace.now();
    await wake(id, Math.max(0, notBefore.getTime() - now.getTime()) + delayMs(id));
  }

  async function send(mail: ThreadMail, touchId: string | null): Promise<void> {
    const detail = {
      reference: mail.emailId,
      sequenceId: mail.sequenceId,
      subject: mail.subject,
      text: plainTextOf(mail.content),
      headers: mail.sequenceId === null ? { 'in-reply-to': threadIdOf(mail) } : {},
    };
    const request = { provider: 'salesforge', operation: 'send', resource: mail.mailbox, recipient: mail.to } as const;
    await arrivals.accept({ ...request, touchId, detail }, (at) => workspace.mails.push({ ...mail, at }));
  }

  async function leaveCarrier(enrolment: Enrolment): Promise<void> {
    const [sequence, contact] = [workspace.sequences.get(enrolment.sequenceId), contactOf(workspace, enrolment)];
    // Taken out again, or paused, meanwhile.
    if (!workspace.enrolments.includes(enrolment) || sequence?.status !== 'active' || contact === undefined) return;
    if (enrolment.status !== 'active' || sequence.mailbox === null) return;
    const silence = silenceOf(workspace, contact.email);
    if (silence !== null) return void (enrolment.status = silence);
    const now = await workspace.now();
    const open = nextOpen(sequence, now);
    if (open === null) return;
    if (open > now) return wait(`${enrolment.id}-${open.getTime()}`, { kind: 'carrier', enrolment }, open);
    const mail = mailOf({ sequence, contact, enrolment, mailbox: sequence.mailbox }, now);
    if (mail === null) return void (enrolment.status = 'failed');
    Object.assign(enrolment, { status: 'contacted', sentAt: now });
    await send(mail, enrolment.touchId);
  }

  return {
    enrolled: async (enrolment) => wait(enrolment.id, { kind: 'carrier', enrolment }, await workspace.now()),
    queued: async (mail, touchId) => wait(mail.emailId, { kind: 'reply', mail, touchId }, await workspace.now()),
    async leave(id) {
      const what = waiting.get(id);
      waiting.delete(id);
      if (what?.kind === 'carrier') await leaveCarrier(what.enrolment);
      if (what?.kind === 'reply') await send(what.mail, what.touchId);
    },
  };
}

const contactOf = ({ contacts }: Workspace, { contactId }: Enrolment): Contact | undefined =>
  [...contacts.values()].find(({ id }) => id === contactId);

interface Carried {
  sequence: Sequence;
  contact: Contact;
  enrolment: Enrolment;
  mailbox: string;
}

/** null: a variable is missing. */
function mailOf({ sequence, contact, enrolment, mailbox }: Carried, at: Date): ThreadMail | null {
  const [mail] = sequence.mails;
  const subject = render(mail?.subject ?? '', contact.customVars);
  const content = render(mail?.message ?? '', contact.customVars);
  if (subject === null || content === null) return null;
  return {
    emailId: `em_${stableId(16, mailbox, enrolment.id)}`,
    mailbox,
    contactId: contact.id,
    sequenceId: sequence.id,
    from: mailbox,
    to: contact.email,
    subject,
    content,
    at,
    replyType: null,
  };
}
