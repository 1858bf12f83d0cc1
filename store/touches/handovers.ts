import { channelNamed, formNamed } from '../../domain/channels';
import type { Because } from '../../domain/facts';
import { transact, type Database } from '../database';
import { tell } from '../enrollments/timeline';
import type { Sql } from '../sql';
import { raiseAlert } from '../tenants/alerts';
import type { ClaimedTouch } from './claims';

/** Minutes between two looks for a touch that was handed over: 2, 4, 8 …, at most an hour. */
const looks = { firstMinutes: 2, longestMinutes: 60 } as const;

/** How long a look may take, in seconds; then somebody else looks. */
const leaseSeconds = 120;

/** The provider holds the touch, or may hold it. Noted in the transaction that writes down that it is uncertain. */
export async function noteHandover(
  sql: Sql,
  touch: Pick<ClaimedTouch, 'touchId' | 'clientId' | 'claimedAt'>,
): Promise<void> {
  const { touchId, clientId, claimedAt } = touch;
  await sql`
    INSERT INTO handover (touch_id, client_id, handed_at, look_at)
    VALUES (${touchId}::uuid, ${clientId}::uuid, ${claimedAt},
      ${claimedAt}::timestamptz + make_interval(mins => ${looks.firstMinutes}))
    ON CONFLICT DO NOTHING`;
}

/** A handed-over touch that this caller alone looks after now. */
export interface OpenHandover {
  touch: ClaimedTouch;
  handedAt: Date;
  looks: number;
  /** Was the provider told not to send it any more? */
  isWithdrawn: boolean;
  /** Does its sequence still go on, so that it may still leave? */
  isWanted: boolean;
  /** Has an event settled it meanwhile? */
  isKnown: boolean;
}

interface Row {
  touchId: string;
  clientId: string;
  enrollmentId: string;
  leadId: string;
  step: number;
  channel: string;
  form: string | null;
  isLooked: boolean;
  senderId: string | null;
  fence: number;
  claimedAt: Date | null;
  refusals: number;
  timezone: string;
  handedAt: Date;
  looks: number;
  isWithdrawn: boolean;
  isWanted: boolean;
  isKnown: boolean;
}

/**
 * Takes the touch whose look is due, first those that must not leave any more: their sequence was stopped, or their
 * campaign does not send. @returns null when none is
 */
export async function leaseHandover(sql: Sql, now: Date): Promise<OpenHandover | null> {
  const [row] = await sql<Row>`
    WITH due AS (
      SELECT h.touch_id FROM handover h JOIN touch t ON t.id = h.touch_id JOIN enrollment e ON e.id = t.enrollment_id
      WHERE h.settled_at IS NULL AND (h.leased_until IS NULL OR h.leased_until < ${now}::timestamptz)
        AND (h.look_at <= ${now}::timestamptz OR (h.withdrawn_at IS NULL AND e.status = 'stopped'))
      ORDER BY (h.withdrawn_at IS NULL AND e.status = 'stopped') DESC, h.look_at, h.touch_id LIMIT 1
      FOR NO KEY UPDATE OF h SKIP LOCKED
    ), leased AS (
      UPDATE handover h SET leased_until = ${now}::timestamptz + make_interval(secs => ${leaseSeconds}), looks = h.looks + 1
      FROM due WHERE h.touch_id = due.touch_id RETURNING h.*
    )
    SELECT t.id AS "touchId", t.client_id AS "clientId", t.enrollment_id AS "enrollmentId", e.lead_id AS "leadId", t.step,
      t.channel, t.form, t.looked_at IS NOT NULL AS "isLooked", t.sender_id AS "senderId", t.fence,
      t.claimed_at AS "claimedAt", t.refusals, l.timezone, h.handed_at AS "handedAt", h.looks,
      h.withdrawn_at IS NOT NULL AS "isWithdrawn", e.status <> 'stopped' AS "isWanted", t.status <> 'uncertain' AS "isKnown"
    FROM leased h JOIN touch t ON t.id = h.touch_id JOIN enrollment e ON e.id = t.enrollment_id
      JOIN lead l ON l.id = e.lead_id`;
  if (row === undefined) return null;
  const { senderId, claimedAt, handedAt, looks: times, isWithdrawn, isWanted, isKnown, ...of } = row;
  const channel = channelNamed(of.channel);
  const known = {
    channel,
    form: formNamed(channel, of.form),
    senderId: senderId ?? '',
    claimedAt: claimedAt ?? handedAt,
  };
  return { touch: { ...of, ...known }, handedAt, looks: times, isWithdrawn, isWanted, isKnown };
}

/** How soon it is tried again to take back what must not leave, in seconds. */
const withdrawAgainSeconds = 30;

/** Looks again later, each time after a longer while. @param withdrawn null: it was not to be taken back */
export async function postponeHandover(
  sql: Sql,
  { touch, looks: times }: OpenHandover,
  withdrawn: boolean | null,
  now: Date,
): Promise<void> {
  const minutes = Math.min(looks.firstMinutes * 2 ** Math.min(times, 10), looks.longestMinutes);
  await sql`
    UPDATE handover SET look_at = ${now}::timestamptz + make_interval(mins => ${minutes}),
      leased_until = CASE WHEN ${withdrawn === false}
        THEN ${now}::timestamptz + make_interval(secs => ${withdrawAgainSeconds}) END,
      withdrawn_at = coalesce(withdrawn_at, ${withdrawn === true ? now : null}::timestamptz)
    WHERE touch_id = ${touch.touchId}::uuid AND settled_at IS NULL`;
}

/** What became of a touch that was handed over. `open`: nobody knows, and nobody looks any more. */
export type HandoverEnd = 'sent' | 'failed' | 'open';

/**
 * Ends the watch. A touch that did not leave has failed; its capacity stays taken, for nobody can say that it was never on
 * its way (LIM-6). One of which nobody knows stays uncertain, with an alert.
 */
export async function settleHandover(
  database: Database,
  { touch }: OpenHandover,
  { end, because }: { end: HandoverEnd; because: Because },
  now: Date,
): Promise<void> {
  const { clientId, enrollmentId, touchId, step } = touch;
  const { reason, rule, numbers } = because;
  await transact(database, async (sql) => {
    await sql`SELECT 1 FROM enrollment WHERE id = ${enrollmentId}::uuid FOR NO KEY UPDATE`;
    await sql`
      UPDATE handover SET settled_at = ${now}, leased_until = NULL
      WHERE touch_id = ${touchId}::uuid AND settled_at IS NULL`;
    if (end === 'open') {
      const message = `touch ${touchId} was handed over to its provider, and nobody knows whether it left`;
      return raiseAlert(sql, { clientId, kind: 'handover_unknown', message, resourceId: touchId }, now);
    }
    const isSent = end === 'sent';
    const changed = await sql`
      UPDATE touch SET status = ${end}::"TouchStatus", reason = ${reason}, rule = ${rule},
        sent_at = CASE WHEN ${isSent} THEN sent_at END, sent_on = CASE WHEN ${isSent} THEN sent_on END,
        slot_at = CASE WHEN ${isSent} THEN slot_at END
      WHERE id = ${touchId}::uuid AND status = 'uncertain' RETURNING 1`;
    if (changed.length === 0) return;
    await tell(sql, { clientId, enrollmentId, touchId, step, at: now, what: end, reason, rule, numbers });
    if (isSent) return;
    const message = `touch ${touchId} was handed over to its provider and did not leave: ${reason}`;
    await raiseAlert(sql, { clientId, kind: 'handover_silent', message, resourceId: touchId }, now);
  });
}
