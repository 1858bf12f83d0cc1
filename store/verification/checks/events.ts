import { effectsOnAnyLead, type EventKind } from '../../../domain/event-effects';
import { json } from '../../sql';
import { atMost, counts, found, slackSeconds, type DatabaseCheck, type ViolationRow } from '../database-check';

const kinds: readonly EventKind[] = ['reply', 'hardBounce', 'unsubscribe', 'complaint', 'smsStop'];

/** What ends a sequence, and what ends its e-mails only. */
const ending = (effect: 'stop' | 'skipEmails'): string =>
  json(kinds.filter((kind) => effectsOnAnyLead({ kind })?.some((one) => one.kind === effect)));

export const applied: DatabaseCheck = {
  id: 'TRUTH-5',
  name: 'every event about somebody was applied, and who stopped has no open sequence from before',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS events, count(*) FILTER (WHERE EXISTS (
        SELECT 1 FROM event_subject s WHERE s.event_id = v.id)) AS "about somebody" FROM inbound_event v`;
    const forgotten = await sql<ViolationRow>`
      SELECT NULL AS "touchId", count(*) OVER () AS of, format('%s was stored and not applied: event %s', v.kind, v.id) AS text
      FROM inbound_event v WHERE v.outcome IS NULL
        AND EXISTS (SELECT 1 FROM event_subject s WHERE s.event_id = v.id) LIMIT ${atMost}`;
    const open = await sql<ViolationRow>`
      SELECT NULL AS "touchId", count(*) OVER () AS of,
        format('enrollment %s is %s although its lead sent %s: event %s', e.id, e.status, v.kind, v.id) AS text
      FROM inbound_event v JOIN event_subject s ON s.event_id = v.id
        JOIN enrollment e ON e.lead_id = s.lead_id AND e.status IN ('waiting', 'active') AND e.created_at <= v.received_at
      WHERE ${ending('stop')}::jsonb ? v.kind LIMIT ${atMost}`;
    return found(counts(seen), forgotten, open);
  },
};

export const quiet: DatabaseCheck = {
  id: 'SEQ-3',
  name: 'nothing left after a reply or an opt-out was stored, and no mail after a bounce (SEQ-4, SEQ-5)',
  async look(sql) {
    const all = json([...JSON.parse(ending('stop')), ...JSON.parse(ending('skipEmails'))]);
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS events FROM inbound_event v WHERE ${all}::jsonb ? v.kind`;
    const wrong = await sql<ViolationRow>`
      SELECT t.id AS "touchId", count(*) OVER () AS of, format('%s of enrollment %s left at %s, after %s at %s',
        t.channel, e.id, t.claimed_at AT TIME ZONE 'UTC', v.kind, v.received_at AT TIME ZONE 'UTC') AS text
      FROM inbound_event v JOIN event_subject s ON s.event_id = v.id
        JOIN enrollment e ON e.lead_id = s.lead_id AND e.created_at <= v.received_at
        JOIN touch t ON t.enrollment_id = e.id AND t.status IN ('sending', 'sent', 'uncertain')
          AND t.claimed_at > v.received_at + make_interval(secs => ${slackSeconds})
      WHERE ${ending('stop')}::jsonb ? v.kind OR (${ending('skipEmails')}::jsonb ? v.kind AND t.channel = 'email')
      LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};
