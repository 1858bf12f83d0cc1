import { randomUUID } from 'node:crypto';
import type { Segment } from '../../domain/calendar/slots';
import { bookInTurn, type Booking } from '../../store/capacity/book';
import type { Database } from '../../store/database';
import { json, type Sql } from '../../store/sql';
import { sendersOf } from '../world/agencies';
import { personAt, type LeadsOf } from '../world/leads';

/** Monday 2026-03-02, 11:00 in Sydney: the bench's present. */
export const monday = new Date('2026-03-02T00:00:00Z');

/** One whole window in Sydney for each of so many days in a row, from Tuesday 2026-03-03 on. */
export function windows(days: number): Segment[] {
  return Array.from({ length: days }, (_, offset) => {
    const from = new Date(Date.UTC(2026, 2, 2 + offset, 22));
    const day = new Date(Date.UTC(2026, 2, 3 + offset)).toISOString().slice(0, 10);
    return { day, from, to: new Date(from.getTime() + 2 * 3_600_000 - 90_000) };
  });
}

/** Books the first e-mail of one lead. @throws Error when the answer is another one than was expected */
export async function bookEmail(
  database: Database,
  { leads, index, segments }: { leads: LeadsOf; index: number; segments: readonly Segment[] },
  expected: Booking['kind'] = 'booked',
): Promise<Booking> {
  const { agency, enrollmentId } = personAt(leads, index);
  const { clientId, campaignId } = agency;
  const ids = { clientId, campaignId, enrollmentId };
  const what = { step: 1, channel: 'email' as const, form: 'email' as const, now: monday, admit: null, segments };
  const booking = await bookInTurn(database, { ...ids, ...what, senders: sendersOf(agency, 'email') });
  if (booking.kind !== expected) throw new Error(`expected ${expected}, and the booking was ${booking.kind}`);
  return booking;
}

/**
 * The floor of a booking: the same rows, three counters, a touch and three holds, by one prepared statement on the same
 * pool, with nothing looked up and nobody asked.
 */
export async function writeSameRows(sql: Sql, { leads, index }: { leads: LeadsOf; index: number }): Promise<void> {
  const { agency, enrollmentId } = personAt(leads, index);
  const { clientId, campaignId, domainId, mailboxIds } = agency;
  const sender = mailboxIds[index % mailboxIds.length] ?? '';
  const slot = new Date(Date.UTC(2026, 2, 2, 22) + Math.floor(Math.random() * 7000) * 1000);
  const counters = [
    { counter: 'client_email', resource_id: clientId, limit: 200 },
    { counter: 'domain', resource_id: domainId, limit: 50 },
    { counter: 'mailbox', resource_id: sender, limit: 100 },
  ];
  await sql`
    WITH counters AS (
      SELECT * FROM jsonb_to_recordset(${json(counters)}::jsonb) AS c(counter text, resource_id uuid, "limit" int)
    ), written AS (
      INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status, slot_at, planned_for, sender_id)
      VALUES (${randomUUID()}::uuid, ${clientId}::uuid, ${campaignId}::uuid, ${enrollmentId}::uuid, 1, 'email', 'planned',
        ${slot}, ${slot}, ${sender}::uuid)
      RETURNING id
    ), counted AS (
      INSERT INTO capacity_counter AS c (counter, resource_id, period, starts_on, client_id, "limit", booked)
      SELECT counter, resource_id, 'day', '2026-03-03', ${clientId}::uuid, "limit", 1 FROM counters
      ON CONFLICT (counter, resource_id, period, starts_on) DO UPDATE SET booked = c.booked + 1
    )
    INSERT INTO capacity_hold (touch_id, client_id, counter, resource_id, period, starts_on, state)
    SELECT written.id, ${clientId}::uuid, counter, resource_id, 'day', '2026-03-03', 'booked' FROM counters, written`;
}
