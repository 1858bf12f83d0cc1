import type { LocalDate } from '../../domain/calendar/local-date';
import { countsOf, type TouchForm } from '../../domain/channels';
import type { Because } from '../../domain/facts';
import { claimedSpacingSeconds, type Counted, type Sender } from '../../domain/limits';
import { answerSeconds, sendTimes, type SendTimes } from '../../domain/send-times';
import { json, type Sql } from '../sql';
import { limitRows } from './limit-rows';

export interface ClaimRequest {
  touchId: string;
  form: TouchForm;
  /** As it was booked (store/capacity/book.ts). */
  done?: readonly Counted[];
  now: Date;
  /** Today in the client's zone, where the limits count. */
  day: LocalDate;
  /** The sender that was booked, with everything that its touches count against. */
  sender: Sender;
  times?: SendTimes;
  /** The version of what was read to send it (store/touches/envelope.ts); missing: nothing was. */
  envelope?: string;
}

/** changed: what was read to send it is out of date. */
export type Claim = { kind: 'claimed'; fence: number } | ({ kind: 'refused' } & Because) | { kind: 'changed' };

/**
 * LIM-3: marks the touch as being sent if every limit, as it stands now, allows it. Inside the transaction that holds
 * the enrollment's lock and has asked the gate.
 */
export async function claimTouch(sql: Sql, request: ClaimRequest): Promise<Claim> {
  const { touchId, now, day, form, done = [], sender, times = sendTimes, envelope = null } = request;
  const limits = limitRows(countsOf(form, done), [sender], { first: day, last: day });
  const claim = {
    touchId,
    now,
    day,
    limits,
    envelope,
    spacingSeconds: claimedSpacingSeconds,
    leaseSeconds: times.untilMarkMs / 1000,
    answerSeconds: answerSeconds(times),
  };
  const [row] = await sql<{ answer: Claim }>`SELECT claim_touch(${json(claim)}::jsonb) AS answer`;
  if (row === undefined) throw new Error('claim_touch answered nothing');
  return row.answer;
}
