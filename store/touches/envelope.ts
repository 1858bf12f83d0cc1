import type { Channel, TouchForm } from '../../domain/channels';
import type { InboxAccount } from '../senders/inboxes';
import type { Sql } from '../sql';

/** What a provider needs to send one touch. Personal data: it stays inside the activity (TRUTH-6). */
export interface Envelope {
  /** What this was read from: the claim compares it, so that nothing is sent that has changed since. */
  version: string;
  touch: { touchId: string; step: number; channel: Channel; form: TouchForm | null; isLooked: boolean };
  client: { name: string; postalAddress: string | null; senderName: string | null; website: string | null };
  lead: {
    email: string;
    firstName: string | null;
    phone: string | null;
    mobile: string | null;
    linkedinUrl: string | null;
    countryCode: string | null;
    unsubscribeToken: string;
    timezone: string;
  };
  /** As it was written and stored (TEXT-4). */
  content: unknown;
  /** What it goes out from, and through which provider, and whether that did not answer the last time. */
  sender: { address: string; name: string | null; provider: string; isFailing: boolean };
  /** A mailbox's own SMTP account; null: the configured default relay. */
  smtp: { host: string; port: number | null; username: string | null; password: string | null } | null;
  /** Where the mailbox is read by IMAP; null: nowhere. */
  imap: InboxAccount | null;
  /**
   * What went before on this channel, oldest first: an e-mail continues its thread (SEQ-9). messageId null: the provider has
   * not said yet how it calls that mail.
   */
  thread: { messageId: string | null; content: unknown }[];
}

/**
 * Reads it all in one round trip, before the claim: nothing is read between the claim and the provider.
 * @returns null for a touch without text or sender
 */
export async function readEnvelope(sql: Sql, touchId: string): Promise<Envelope | null> {
  const [found] = await sql<{ envelope: Envelope }>`
    SELECT json_build_object(
      'version', envelope_version(t.id),
      'touch', json_build_object('touchId', t.id, 'step', t.step, 'channel', t.channel, 'form', t.form,
        'isLooked', t.looked_at IS NOT NULL),
      'client', json_build_object('name', c.name, 'postalAddress', c.postal_address, 'senderName', c.sender_name,
        'website', c.website),
      'lead', json_build_object('email', l.email, 'firstName', l.first_name, 'phone', l.phone, 'mobile', l.mobile,
        'linkedinUrl', l.linkedin_url, 'countryCode', l.country_code, 'unsubscribeToken', l.unsubscribe_token,
        'timezone', l.timezone),
      'content', x.content,
      'sender', json_build_object('address', s.address, 'name', s.name, 'provider', coalesce(p.provider, 'none'),
        'isFailing', coalesce(p.failures, 0) > 0),
      'smtp', CASE WHEN m.smtp_host IS NOT NULL THEN json_build_object('host', m.smtp_host, 'port', m.smtp_port,
        'username', m.smtp_username, 'password', m.smtp_password) END,
      'imap', CASE WHEN i.host IS NOT NULL THEN json_build_object('host', i.host, 'port', i.port,
        'username', i.username, 'password', i.password, 'secure', i.secure) END,
      'thread', (SELECT coalesce(json_agg(json_build_object('messageId', o.reference, 'content', y.content)
          ORDER BY o.step), '[]')
        FROM touch o JOIN touch_text y ON y.touch_id = o.id
        WHERE o.enrollment_id = t.enrollment_id AND o.channel = t.channel AND o.step < t.step
          AND o.status IN ('sent', 'uncertain'))
    ) AS envelope
    FROM touch t JOIN touch_text x ON x.touch_id = t.id JOIN enrollment e ON e.id = t.enrollment_id
      JOIN lead l ON l.id = e.lead_id JOIN client c ON c.id = t.client_id
      JOIN sender s ON s.id = t.sender_id LEFT JOIN sender_channel p ON p.sender_id = s.id AND p.channel = t.channel
      LEFT JOIN mailbox m ON m.sender_id = s.id LEFT JOIN inbox i ON i.sender_id = s.id
    WHERE t.id = ${touchId}::uuid`;
  return found?.envelope ?? null;
}
