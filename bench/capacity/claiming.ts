import type { Database } from '../../store/database';
import { json, type Sql } from '../../store/sql';
import { sendersOf } from '../world/agencies';
import { personAt, type LeadsOf } from '../world/leads';
import { bookEmail, windows } from './booking';

/** A booked touch, as claiming wants it. */
export interface BookedTouch {
  /** The agency's number in its group. */
  agency: number;
  touchId: string;
  enrollmentId: string;
  slotAt: Date;
  sender: ReturnType<typeof sendersOf>[number];
}

/** Books a touch for each of these leads and gives it a text, so that it may be claimed. In order of their slots. */
export async function bookForClaims(database: Database, leads: LeadsOf, count: number): Promise<BookedTouch[]> {
  const touches: BookedTouch[] = [];
  for (let index = 0; index < count; index += 1) {
    const booking = await bookEmail(database, { leads, index, segments: windows(1) });
    if (!('slotAt' in booking)) throw new Error('nothing was booked');
    const { agency, enrollmentId } = personAt(leads, index);
    const sender = sendersOf(agency, 'email').find(({ id }) => id === booking.senderId);
    if (sender === undefined) throw new Error('a sender of another agency');
    touches.push({
      agency: index % leads.group.agencies,
      touchId: booking.touchId,
      enrollmentId,
      slotAt: booking.slotAt,
      sender,
    });
  }
  await writeTexts(
    database.sql,
    touches.map(({ touchId }) => touchId),
  );
  return touches.sort((a, b) => a.slotAt.getTime() - b.slotAt.getTime());
}

async function writeTexts(sql: Sql, touchIds: readonly string[]): Promise<void> {
  const content = { subject: 'A question', body: 'Hello, how does Acme plan its next quarter?' };
  await sql`
    INSERT INTO touch_text (touch_id, client_id, content, prompt_version, model, input_tokens, output_tokens,
      cost_micro_usd, created_at)
    SELECT id, client_id, ${json(content)}::jsonb, 'touch-1', 'model-of-the-bench', 300, 90, 0, slot_at
    FROM touch WHERE id = ANY (${touchIds}::uuid[])`;
}

/** The floor of a claim: what it changes, a touch, its three holds and their counters, in one statement by key. */
export async function changeSameRows(sql: Sql, { touchId, slotAt }: BookedTouch): Promise<void> {
  await sql`
    WITH held AS (
      UPDATE capacity_hold SET state = 'consumed' WHERE touch_id = ${touchId}::uuid
      RETURNING counter, resource_id, period, starts_on
    ), counted AS (
      UPDATE capacity_counter c SET booked = booked - 1, consumed = consumed + 1 FROM held h
      WHERE c.counter = h.counter AND c.resource_id = h.resource_id AND c.period = h.period AND c.starts_on = h.starts_on
    )
    UPDATE touch SET status = 'sending', fence = fence + 1, claimed_at = ${slotAt} WHERE id = ${touchId}::uuid`;
}

/** The floor of a release: its holds deleted, their counters and the touch changed, in one statement by key. */
export async function deleteSameRows(sql: Sql, { touchId }: BookedTouch): Promise<void> {
  await sql`
    WITH held AS (
      DELETE FROM capacity_hold WHERE touch_id = ${touchId}::uuid RETURNING counter, resource_id, period, starts_on
    ), counted AS (
      UPDATE capacity_counter c SET booked = booked - 1 FROM held h
      WHERE c.counter = h.counter AND c.resource_id = h.resource_id AND c.period = h.period AND c.starts_on = h.starts_on
    )
    UPDATE touch SET slot_at = NULL WHERE id = ${touchId}::uuid`;
}
