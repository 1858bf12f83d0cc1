import { randomUUID } from 'node:crypto';
import type { Segment } from '../../domain/calendar/slots';
import { countsOf, storedForm, type Channel, type TouchForm } from '../../domain/channels';
import { bookedSpacingSeconds, type Counted, type Sender } from '../../domain/limits';
import { turnstileKey } from '../campaigns/moves-lock';
import { again, type Database } from '../database';
import { json, type Sql } from '../sql';
import { limitRows } from './limit-rows';

/** How many leads a client may admit on one of its days (PACE-2). */
export interface DayAllowance {
  /** When the day began. */
  since: Date;
  atMost: number;
}

export interface BookingRequest {
  clientId: string;
  campaignId: string;
  enrollmentId: string;
  step: number;
  channel: Channel;
  form: TouchForm;
  /** What an earlier attempt of this touch has done for good: it is not counted again. */
  done?: readonly Counted[];
  now: Date;
  /** Was it planned on the default sequence that its lead has moved to (MIG-2)? Missing: on whichever it is. */
  moved?: boolean;
  /** May this booking admit a waiting lead, and how many the client's day may admit in all (PACE-2, PACE-4); null: no. */
  admit: DayAllowance | null;
  /** In order of time. */
  segments: readonly Segment[];
  senders: readonly Sender[];
}

/**
 * booked: a slot was found and taken; `outboxId` is the workflow's start that an admission owes. kept: the touch had its
 * slot already. full: no room in any segment. closed: the enrollment or the touch has moved on, so nothing may be booked.
 * spent: nobody may be admitted any more, today or in this period of credits (PACE-1, PACE-2).
 */
export type Booking =
  | { kind: 'booked'; touchId: string; slotAt: Date; senderId: string; outboxId: string | null }
  | { kind: 'kept'; touchId: string; slotAt: Date; senderId: string }
  | { kind: 'full' }
  | { kind: 'closed' }
  | Spent;

/** No admission is left: of the day's target, or of the period's credits. */
export interface Spent {
  kind: 'spent';
  of: 'day' | 'credit';
}

type Answer =
  | { kind: 'booked'; touchId: string; slotAt: string; senderId: string; outboxId: string | null }
  | { kind: 'kept'; touchId: string; slotAt: string; senderId: string }
  | { kind: 'full' }
  | { kind: 'closed' }
  | Spent;

const epochSeconds = (instant: Date): number => Math.ceil(instant.getTime() / 1000);

/**
 * The same as `bookTouch`, taking turns with the process's other bookings of this client and channel: the client's counter
 * is locked until the commit, so that they go one after the other anyway.
 */
export const bookInTurn = (database: Database, request: BookingRequest): Promise<Booking> =>
  database.turns.take(`${request.clientId} ${request.channel}`, () => again(() => bookTouch(database.sql, request)));

/** LIM-2: books the earliest slot with room, in one round trip and one commit; idempotent by (enrollment, step). */
export async function bookTouch(sql: Sql, request: BookingRequest): Promise<Booking> {
  const { segments, senders, now, form, done = [], ...ids } = request;
  const [first, last] = [segments[0]?.day, segments.at(-1)?.day];
  if (first === undefined || last === undefined || senders.length === 0) return { kind: 'full' };
  const booking = {
    ...ids,
    touchId: randomUUID(),
    form: storedForm(request.channel, form),
    now,
    spacingSeconds: bookedSpacingSeconds,
    limits: limitRows(countsOf(form, done), senders, { first, last }),
  };
  // A move of the campaign goes first (store/campaigns/moves-lock.ts); holding nothing, a booking waits for it here.
  const [row] = await sql<{ answer: Answer }>`
    WITH turnstile AS MATERIALIZED (
      SELECT pg_advisory_lock_shared(k), pg_advisory_unlock_shared(k)
      FROM (SELECT hashtextextended(${turnstileKey(request.campaignId)}, 0) AS k) AS keys
    )
    SELECT book_touch(${json(booking)}::jsonb, ${segments.map((segment) => segment.day)}::date[],
      ${segments.map((segment) => epochSeconds(segment.from))}::bigint[],
      ${segments.map((segment) => epochSeconds(segment.to))}::bigint[]) AS answer
    FROM turnstile`;
  if (row === undefined) throw new Error('book_touch answered nothing');
  const { answer } = row;
  return 'slotAt' in answer ? { ...answer, slotAt: new Date(answer.slotAt) } : answer;
}
