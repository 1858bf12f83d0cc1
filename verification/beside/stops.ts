import { violation } from '../check';
import { groupBy } from '../facts';
import type { BesideCheck } from './check';
import type { Both } from './known';

/** What ends everything, and what ends e-mails. */
const endsAll = new Set(['reply', 'unsubscribe', 'complaint', 'smsStop']);
const endsEmails = new Set(['hardBounce']);

interface Stop {
  what: string;
  /** When its 200 was in the hands of whoever asked, in epoch milliseconds. */
  answeredAt: number;
  leads: readonly string[];
  emailsOnly: boolean;
}

/** From the moment of the answer on: what was accepted before it is no violation. */
export const silent: BesideCheck = {
  id: 'TRUTH-2',
  name: 'nothing is accepted for a person after their stop was answered with 200 (SEQ-3, SEQ-4, SEQ-5, CTL-3)',
  check(both) {
    const stops = stopsOf(both);
    const toLead = groupBy(both.contacts, ({ known }) => known?.leadId ?? '');
    const violations = stops.flatMap(({ what, answeredAt, leads, emailsOnly }) =>
      leads
        .flatMap((lead) => toLead.get(lead) ?? [])
        .filter(({ at, operation }) => Date.parse(at) > answeredAt && (!emailsOnly || operation === 'send'))
        .map((line) => {
          const seconds = (Date.parse(line.at) - answeredAt) / 1000;
          return violation(`${line.operation} ${seconds} s after ${what} was answered: touch ${line.touchId}`, line);
        }),
    );
    return { lookedAt: { stops: stops.length, requests: both.contacts.length }, violations };
  },
};

function stopsOf({ run, known }: Both): Stop[] {
  const told = run.inbox
    .filter(({ event, answeredStatus }) => answeredStatus === 200 && (endsAll.has(event) || endsEmails.has(event)))
    .map(({ at, event, touchId, recipient }): Stop => {
      const lead = known.touches.get(touchId ?? '')?.leadId;
      const leads = lead === undefined ? (known.leadsAt.get(recipient ?? '') ?? []) : [lead];
      return { what: event, answeredAt: Date.parse(at), leads, emailsOnly: endsEmails.has(event) };
    });
  const asked = run.stops
    .filter(({ answeredStatus }) => answeredStatus >= 200 && answeredStatus < 300)
    .map(({ at, what, leadId }): Stop => ({ what, answeredAt: Date.parse(at), leads: [leadId], emailsOnly: false }));
  return [...told, ...asked];
}
