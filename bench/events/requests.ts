import type { CalledRequest } from '../http/caller';
import { webhookSecret } from '../http/servers';
import type { MadeLead } from '../world/leads';

const headers = { 'content-type': 'application/json' };
const at = '2026-03-02T00:00:00Z';

/** Someone whom an event is about, the touch it names, and the number that it came to. */
export interface Subject {
  person: MadeLead;
  touchId: string;
  number: string;
}

/** What a provider sends, by kind of event. Each request is another event. */
export const requestsByKind = {
  'delivered, by the touch': ({ person, touchId, number }, id) => ({
    path: `/webhooks/clicksend/${webhookSecret}/receipts`,
    headers,
    body: JSON.stringify({
      message_id: id,
      status_code: '201',
      custom_string: touchId,
      to: person.mobile,
      from: number,
      timestamp: at,
    }),
  }),
  'opened, by the touch': ({ person, touchId }, id) => ({
    path: `/webhooks/salesforge/${webhookSecret}`,
    headers,
    body: JSON.stringify({
      webhookInfo: { id: 'one', type: 'email_opened', eventTime: at },
      contact: { id, email: person.email },
      sequenceEmail: { emailId: `<${touchId}@acme.example>`, toEmail: person.email },
    }),
  }),
  'reply, by the person': ({ person, number }, id) => ({
    path: `/webhooks/clicksend/${webhookSecret}/inbound`,
    headers,
    body: JSON.stringify({
      message_id: id,
      from: person.mobile,
      to: number,
      body: 'Call me on Thursday',
      timestamp: at,
    }),
  }),
} as const satisfies Record<string, (subject: Subject, id: string) => CalledRequest>;

export type RequestKind = keyof typeof requestsByKind;
export const requestKinds = Object.keys(requestsByKind) as RequestKind[];

/** The same bytes as a receipt's, for the bare route. */
export function bareRequest(subject: Subject, id: string): CalledRequest {
  return { ...requestsByKind['delivered, by the touch'](subject, id), path: `/bare/${webhookSecret}` };
}
