import type { SmtpAccount } from '../providers/ports';
import type { Database } from './database';
import type { ClaimedTouch } from './claims';

/** What a provider needs to send one touch. Personal data: it stays inside the activity (TRUTH-6). */
export interface Envelope {
  client: { name: string; postalAddress: string | null; senderName: string | null; website: string | null };
  lead: {
    email: string;
    phone: string | null;
    mobile: string | null;
    linkedinUrl: string | null;
    countryCode: string | null;
    unsubscribeToken: string;
    timezone: string;
  };
  /** As it was written and stored (TEXT-4). */
  content: unknown;
}

export async function readEnvelope(database: Database, touch: ClaimedTouch): Promise<Envelope> {
  const text = await database.touchText.findUniqueOrThrow({ where: { touchId: touch.touchId } });
  return {
    client: await database.client.findUniqueOrThrow({ where: { id: touch.clientId } }),
    lead: await database.lead.findUniqueOrThrow({ where: { id: touch.leadId } }),
    content: text.content,
  };
}

export interface MailboxToSendFrom {
  address: string;
  displayName: string | null;
  account: SmtpAccount | null;
}

export async function readMailbox(database: Database, id: string): Promise<MailboxToSendFrom> {
  const row = await database.mailbox.findUniqueOrThrow({ where: { id } });
  const account =
    row.smtpHost === null
      ? null
      : { host: row.smtpHost, port: row.smtpPort ?? 587, username: row.smtpUsername, password: row.smtpPassword };
  return { address: row.address, displayName: row.displayName, account };
}

export async function readPhoneNumber(database: Database, id: string): Promise<string> {
  return (await database.phoneNumber.findUniqueOrThrow({ where: { id } })).number;
}

export async function readSeatAccount(database: Database, id: string): Promise<string> {
  return (await database.linkedInSeat.findUniqueOrThrow({ where: { id } })).accountId;
}

/** The e-mails already in a lead's thread, oldest first: Message-ID and stored content (SEQ-9). */
export async function readThread(
  database: Database,
  enrollmentId: string,
  beforeStep: number,
): Promise<{ messageId: string; content: unknown }[]> {
  const rows = await database.touch.findMany({
    where: { enrollmentId, channel: 'email', status: { in: ['sent', 'uncertain'] }, step: { lt: beforeStep } },
    orderBy: { step: 'asc' },
    select: { reference: true, text: { select: { content: true } } },
  });
  return rows.flatMap((row) =>
    row.reference === null || row.text === null ? [] : [{ messageId: row.reference, content: row.text.content }],
  );
}
