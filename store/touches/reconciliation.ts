import { channelNamed, formNamed, formsOf } from '../../domain/channels';
import type { Because } from '../../domain/facts';
import type { LookAnswer } from '../../domain/reconciliation';
import { transact, type Database } from '../database';
import { tell } from '../enrollments/timeline';
import type { Sql } from '../sql';
import { raiseAlert } from '../tenants/alerts';
import type { ClaimedTouch } from './claims';
import { isProvenSent } from './in-flight';
import { lockEnrollment } from './outcomes';

/** An uncertain touch that whoever holds this looks for now. */
export interface DueLook {
  touch: ClaimedTouch;
  /** How often it was looked for before. */
  looks: number;
}

/** Who took a look and died is followed by somebody else after so many seconds. */
const leaseSeconds = 300;

/**
 * Takes uncertain touches that are to be looked for by now, those that wait longest first. Each is taken by one caller: two
 * at once never get the same.
 */
export async function takeDueLooks(sql: Sql, now: Date, limit: number): Promise<DueLook[]> {
  const rows = await sql<DueRow>`
    WITH due AS (
      SELECT t.id, t.client_id FROM touch t LEFT JOIN reconciliation r ON r.touch_id = t.id
      WHERE t.status = 'uncertain' AND (r.touch_id IS NULL OR r.next_look_at <= ${now})
        -- What its provider holds is looked after by the handover, with deadlines of its own.
        AND NOT EXISTS (SELECT 1 FROM handover h WHERE h.touch_id = t.id AND h.settled_at IS NULL)
      ORDER BY coalesce(r.next_look_at, t.claimed_at), t.id LIMIT ${limit}
    ), taken AS (
      INSERT INTO reconciliation AS r (touch_id, client_id, next_look_at)
      SELECT d.id, d.client_id, ${now}::timestamptz + make_interval(secs => ${leaseSeconds}) FROM due d
      ON CONFLICT (touch_id) DO UPDATE SET next_look_at = EXCLUDED.next_look_at WHERE r.next_look_at <= ${now}
      RETURNING r.touch_id, r.looks
    )
    SELECT t.id AS "touchId", t.enrollment_id AS "enrollmentId", t.client_id AS "clientId", e.lead_id AS "leadId", t.step,
      t.channel, t.form, t.looked_at IS NOT NULL AS "isLooked", t.sender_id AS "senderId", t.fence,
      t.claimed_at AS "claimedAt", t.refusals, l.timezone, n.looks
    FROM taken n JOIN touch t ON t.id = n.touch_id JOIN enrollment e ON e.id = t.enrollment_id
      JOIN lead l ON l.id = e.lead_id
    ORDER BY t.claimed_at, t.id`;
  return rows.map(({ looks, ...row }) => {
    const channel = channelNamed(row.channel);
    return { looks, touch: { ...row, channel, form: formNamed(channel, row.form) } };
  });
}

type DueRow = Omit<ClaimedTouch, 'channel' | 'form'> & { channel: string; form: string | null; looks: number };

/** What a look has found out. */
export interface LookResult {
  answer: LookAnswer;
  /** open: it is looked for again at `nextLookAt`; null: never again. */
  becomes: 'sent' | 'failed' | 'open';
  nextLookAt: Date | null;
  /** The reference under which the provider has it, if it has it; null: not known. */
  reference: string | null;
  because: Because;
}

/**
 * Writes down what a look has found out of an uncertain touch, with its line in the timeline when anything changes. sent:
 * date, capacity and Day 0 stand already, as it may have been. failed: it did not leave and never will; its capacity stays
 * taken (LIM-6). Looked for in vain until the end: it stays uncertain, and a person is told. An event that proves the
 * sending wins, whenever it comes. Idempotent.
 * @returns what the touch is afterwards; null: something else had settled it before
 */
export async function settleLook(
  database: Database,
  { touch, looks }: DueLook,
  result: LookResult,
  now: Date,
): Promise<'sent' | 'failed' | 'uncertain' | null> {
  return transact(database, async (sql) => {
    // What the seat is to the lead comes before the enrollment, as in every transaction that writes both.
    const invites = result.becomes === 'failed' && touch.form === 'invitation';
    if (invites) await lockInvitation(sql, touch);
    await lockEnrollment(sql, touch.enrollmentId);
    const { becomes, because } = await withEvents(sql, touch, result);
    const isSettled = becomes !== 'open';
    const isOver = isSettled || result.nextLookAt === null;
    const touched = await sql`
      UPDATE touch SET
        status = (CASE WHEN ${isSettled} THEN ${becomes} ELSE 'uncertain' END)::"TouchStatus",
        reason = CASE WHEN ${isOver} THEN ${because.reason} ELSE reason END,
        rule = CASE WHEN ${isOver} THEN ${because.rule} ELSE rule END,
        sent_at = CASE WHEN ${becomes} = 'failed' THEN NULL ELSE sent_at END,
        sent_on = CASE WHEN ${becomes} = 'failed' THEN NULL ELSE sent_on END,
        slot_at = CASE WHEN ${becomes} = 'failed' THEN NULL ELSE slot_at END,
        reference = CASE WHEN ${becomes} = 'sent' THEN coalesce(reference, ${result.reference}) ELSE reference END
      WHERE id = ${touch.touchId}::uuid AND status = 'uncertain' RETURNING 1`;
    if (touched.length === 0) return null;
    await sql`
      UPDATE reconciliation SET looks = ${looks + 1}, last_look_at = ${now}, last_answer = ${result.answer},
        next_look_at = ${isSettled ? null : result.nextLookAt}
      WHERE touch_id = ${touch.touchId}::uuid`;
    if (becomes === 'failed' && invites) await forgetInvitation(sql, touch);
    const what = isSettled ? becomes : 'uncertain';
    if (isOver) await tellOf(sql, touch, { what, because }, now);
    if (isOver && !isSettled && result.answer !== 'erased') await alertUncertain(sql, touch, now);
    return what;
  });
}

/** An event that came in between proves the sending, whatever the provider's list says (TRUTH-1). */
async function withEvents(
  sql: Sql,
  touch: ClaimedTouch,
  result: LookResult,
): Promise<Pick<LookResult, 'becomes' | 'because'>> {
  if (result.becomes !== 'failed' || !(await isProvenSent(sql, touch.touchId))) return result;
  const because = { reason: 'confirmed by an event of the provider', rule: 'TRUTH-1', numbers: {} };
  return { becomes: 'sent', because };
}

async function lockInvitation(sql: Sql, { senderId, leadId, clientId }: ClaimedTouch): Promise<void> {
  await sql`
    SELECT 1 FROM seat_relation
    WHERE sender_id = ${senderId}::uuid AND lead_id = ${leadId}::uuid AND client_id = ${clientId}::uuid FOR UPDATE`;
}

/** An invitation that never arrived is not pending: a later step may invite, unless another touch has done so. */
async function forgetInvitation(sql: Sql, { touchId, senderId, leadId, clientId }: ClaimedTouch): Promise<void> {
  await sql`
    DELETE FROM seat_relation r
    WHERE r.sender_id = ${senderId}::uuid AND r.lead_id = ${leadId}::uuid AND r.client_id = ${clientId}::uuid
      AND r.state = 'invited' AND NOT EXISTS (
        SELECT 1 FROM touch t JOIN enrollment e ON e.id = t.enrollment_id
        WHERE e.lead_id = r.lead_id AND t.sender_id = r.sender_id AND t.form = 'invitation' AND t.id <> ${touchId}::uuid
          AND t.status IN ('sending', 'sent', 'uncertain'))`;
}

function tellOf(
  sql: Sql,
  { clientId, enrollmentId, touchId, step, channel, form }: ClaimedTouch,
  { what, because }: { what: 'sent' | 'failed' | 'uncertain'; because: Because },
  at: Date,
): Promise<void> {
  const { reason, rule } = because;
  const numbers = formsOf(channel).length > 1 ? { ...because.numbers, form } : because.numbers;
  return tell(sql, { clientId, enrollmentId, touchId, step, at, what, reason, rule, numbers });
}

/** One alert for each sender, open until somebody has looked (`POST …/reviewed`): an outage may leave many touches. */
async function alertUncertain(sql: Sql, touch: ClaimedTouch, now: Date): Promise<void> {
  const { clientId, channel, senderId, touchId } = touch;
  const message =
    `touch ${touchId} (${channel}) and perhaps others of sender ${senderId} stay uncertain: ` +
    'see GET /v1/touches?status=uncertain';
  await raiseAlert(sql, { clientId, kind: 'uncertain', message, resourceId: senderId }, now);
}
