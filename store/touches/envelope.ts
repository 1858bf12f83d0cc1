import type { ClaimedTouch } from './claims';
import type { Database } from '../database';

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
  };
  /** As it was written and stored (TEXT-4). */
  content: unknown;
  /** Whichever of the three sends this channel; the others are null. */
  mailbox: MailboxToSendFrom | null;
  /** E.164. */
  phoneNumber: string | null;
  seatAccountId: string | null;
  /** The e-mails already in the lead's thread, oldest first (SEQ-9). */
  thread: { messageId: string; content: unknown }[];
}

export interface MailboxToSendFrom {
  address: string;
  displayName: string | null;
  /** Null: the configured default relay. */
  smtpHost: string | null;
  smtpPort: number | null;
  smtpUsername: string | null;
  smtpPassword: string | null;
}

/** Reads it all in one round trip: it stands between the claim and the provider. */
export async function readEnvelope(database: Database, touch: ClaimedTouch): Promise<Envelope> {
  const [found] = await database.$queryRaw<{ envelope: Envelope }[]>`
    SELECT json_build_object(
      'client', json_build_object('name', c.name, 'postalAddress', c.postal_address, 'senderName', c.sender_name,
        'website', c.website),
      'lead', json_build_object('email', l.email, 'phone', l.phone, 'mobile', l.mobile,
        'linkedinUrl', l.linkedin_url, 'countryCode', l.country_code, 'unsubscribeToken', l.unsubscribe_token),
      'content', x.content,
      'mailbox', (SELECT json_build_object('address', m.address, 'displayName', m.display_name,
          'smtpHost', m.smtp_host, 'smtpPort', m.smtp_port, 'smtpUsername', m.smtp_username,
          'smtpPassword', m.smtp_password)
        FROM mailbox m WHERE m.id = t.sender_id),
      'phoneNumber', (SELECT p.number FROM phone_number p WHERE p.id = t.sender_id),
      'seatAccountId', (SELECT n.account_id FROM linkedin_seat n WHERE n.id = t.sender_id),
      'thread', (SELECT coalesce(json_agg(json_build_object('messageId', o.reference, 'content', y.content)
          ORDER BY o.step), '[]')
        FROM touch o JOIN touch_text y ON y.touch_id = o.id
        WHERE o.enrollment_id = t.enrollment_id AND o.channel = 'email' AND o.step < t.step
          AND o.status IN ('sent', 'uncertain') AND o.reference IS NOT NULL)
    ) AS envelope
    FROM touch t JOIN touch_text x ON x.touch_id = t.id JOIN enrollment e ON e.id = t.enrollment_id
      JOIN lead l ON l.id = e.lead_id JOIN client c ON c.id = t.client_id
    WHERE t.id = ${touch.touchId}::uuid`;
  if (found === undefined) throw new Error(`touch ${touch.touchId} has no text`);
  return found.envelope;
}
