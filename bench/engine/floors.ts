import { json, type Sql } from '../../store/sql';
import { writeSameRows } from '../capacity/booking';
import { changeSameRows, type BookedTouch } from '../capacity/claiming';
import { personAt, type LeadsOf } from '../world/leads';

const text = json({ subject: 'A question', body: 'Hello, how does Acme plan its next quarter?' });

/** What `prepare` leaves in the database, in two statements: a booking; a text with two entries of the timeline. */
export async function writePrepared(sql: Sql, { leads, index }: { leads: LeadsOf; index: number }): Promise<void> {
  await writeSameRows(sql, { leads, index });
  const { enrollmentId } = personAt(leads, index);
  await sql`
    WITH touch AS (
      SELECT id, client_id, enrollment_id, slot_at FROM touch WHERE enrollment_id = ${enrollmentId}::uuid AND step = 1
    ), written AS (
      INSERT INTO touch_text (touch_id, client_id, content, prompt_version, model, input_tokens, output_tokens,
        cost_micro_usd, created_at)
      SELECT id, client_id, ${text}::jsonb, 'touch-1', 'model-of-the-bench', 300, 90, 0, slot_at FROM touch
    )
    INSERT INTO timeline_entry (client_id, enrollment_id, touch_id, step, at, what, reason, rule, numbers)
    SELECT client_id, enrollment_id, id, 1, slot_at, what, 'as planned', 'SEQ-2', '{"day": 0}'
    FROM touch, unnest(ARRAY['planned', 'written']) AS what`;
}

/** What `deliver` leaves: a claim, its end with an entry of the timeline, and the next touch prepared. */
export async function writeDelivered(
  sql: Sql,
  { touch, leads, index }: { touch: BookedTouch; leads: LeadsOf; index: number },
): Promise<void> {
  await changeSameRows(sql, touch);
  await sql`
    WITH finished AS (
      UPDATE touch SET status = 'sent', reason = 'accepted', rule = 'TRUTH-1', sent_at = claimed_at, sent_on = '2026-03-03'
      WHERE id = ${touch.touchId}::uuid RETURNING id, client_id, enrollment_id, step, claimed_at
    ), begun AS (
      UPDATE enrollment e SET day0 = '2026-03-03' FROM finished f WHERE e.id = f.enrollment_id
    )
    INSERT INTO timeline_entry (client_id, enrollment_id, touch_id, step, at, what, reason, rule)
    SELECT client_id, enrollment_id, id, step, claimed_at, 'sent', 'accepted by the provider', 'TRUTH-1' FROM finished`;
  await writePrepared(sql, { leads, index });
}
