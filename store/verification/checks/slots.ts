import { spacingSeconds } from '../../../domain/limits';
import { atMost, counts, found, type DatabaseCheck, type ViolationRow } from '../database-check';

/** TIME-7: seconds after its slot at which a touch may still leave. */
const lateSeconds = 60;

export const punctual: DatabaseCheck = {
  id: 'TIME-7',
  name: 'nothing leaves before its slot, or more than a minute after it',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS touches FROM touch
      WHERE status IN ('sending', 'sent', 'uncertain') AND claimed_at IS NOT NULL AND slot_at IS NOT NULL`;
    const wrong = await sql<ViolationRow>`
      SELECT id AS "touchId", count(*) OVER () AS of, format('%s at %s, booked for %s: touch %s',
        channel, claimed_at AT TIME ZONE 'UTC', slot_at AT TIME ZONE 'UTC', id) AS text
      FROM touch
      WHERE status IN ('sending', 'sent', 'uncertain')
        AND (claimed_at < slot_at OR claimed_at > slot_at + make_interval(secs => ${lateSeconds}))
      LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};

export const spacing: DatabaseCheck = {
  id: 'TIME-6',
  name: 'touches from one mailbox, number or seat are two minutes apart',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS touches, count(DISTINCT sender_id) AS senders FROM touch
      WHERE status IN ('sending', 'sent', 'uncertain') AND claimed_at IS NOT NULL`;
    const wrong = await sql<ViolationRow>`
      WITH spaced AS (
        SELECT id, sender_id, claimed_at, lag(claimed_at) OVER (PARTITION BY sender_id ORDER BY claimed_at) AS before
        FROM touch WHERE status IN ('sending', 'sent', 'uncertain') AND claimed_at IS NOT NULL
      )
      SELECT id AS "touchId", count(*) OVER () AS of, format('%s s apart: sender %s at %s',
        extract(epoch FROM claimed_at - before), sender_id, claimed_at AT TIME ZONE 'UTC') AS text
      FROM spaced WHERE claimed_at < before + make_interval(secs => ${spacingSeconds}) LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};
