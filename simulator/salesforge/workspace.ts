import type { Now } from '../clock';
import { stableId } from '../chance';

/** One workspace: who is known, which sequences there are, and who is in them. */
export interface Workspace {
  contacts: Map<string, Contact>;
  sequences: Map<number, Sequence>;
  profiles: { id: number; name: string; mailboxes: string[] }[];
  preflights: Map<string, Preflight>;
  enrolments: Enrolment[];
  /** Mails between a mailbox and a contact, oldest first. */
  mails: ThreadMail[];
  /** Addresses that nothing is sent to, and nothing is said of. */
  dnc: Set<string>;
  shielded: Set<string>;
  /** A number that nobody has had. */
  nextId(): number;
  now: Now;
}

export interface Contact {
  id: string;
  email: string;
  firstName: string;
  customVars: Record<string, string>;
}

export interface Day {
  enabled: boolean;
  from: number;
  to: number;
}

export interface Sequence {
  id: number;
  name: string;
  timezone: string;
  status: 'draft' | 'active' | 'paused' | 'completed';
  schedule: Record<string, Day>;
  mailbox: string | null;
  mails: { subject: string; message: string }[];
}

export interface Preflight {
  sequenceId: number;
  contactIds: string[];
  expiresAt: Date;
}

export interface Enrolment {
  id: string;
  sequenceId: number;
  contactId: string;
  status: 'active' | 'contacted' | 'dnc' | 'bounce-protect' | 'failed' | 'replied' | 'bounced' | 'unsubscribed';
  touchId: string | null;
  sentAt: Date | null;
}

export interface ThreadMail {
  emailId: string;
  mailbox: string;
  contactId: string;
  sequenceId: number | null;
  from: string;
  to: string;
  subject: string;
  content: string;
  at: Date;
  replyType: 'lead_replied' | 'ooo' | 'bounced' | null;
}

export function createWorkspace(now: Now, settings: { dnc: string[]; shielded: string[] }): Workspace {
  let last = 900;
  return {
    contacts: new Map(),
    sequences: new Map(),
    profiles: [],
    preflights: new Map(),
    enrolments: [],
    mails: [],
    dnc: new Set(settings.dnc),
    shielded: new Set(settings.shielded),
    nextId: () => (last += 1),
    now,
  };
}

export const contactIdOf = (email: string): string => `lead_${stableId(12, email)}`;
export const mailboxIdOf = (address: string): string => `mbox_${stableId(12, address)}`;
export const threadIdOf = ({ mailbox, contactId }: Pick<ThreadMail, 'mailbox' | 'contactId'>): string =>
  `thr_${stableId(12, mailbox, contactId)}`;

/** Is the contact to be left alone in silence? Salesforge takes it into a sequence all the same. */
export function silenceOf({ dnc, shielded }: Workspace, email: string): 'dnc' | 'bounce-protect' | null {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  if (dnc.has(email) || dnc.has(domain)) return 'dnc';
  return shielded.has(email) ? 'bounce-protect' : null;
}
