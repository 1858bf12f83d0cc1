import type { LocalDate } from '../../domain/calendar/local-date';
import { countsOf, type TouchForm } from '../../domain/channels';
import type { Because } from '../../domain/facts';
import { claimedSpacingSeconds, type Counted, type Sender } from '../../domain/limits';
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
}

export type Claim = { kind: 'claimed'; fence: number } | ({ kind: 'refused' } & Because);

/**
 * LIM-3: marks the touch as being sent if every limit, as it stands now, allows it. Inside the transaction that holds
 * the enrollment's lock and has asked the gate.
 */
export async function claimTouch(sql: Sql, request: ClaimRequest): Promise<Claim> {
  const { touchId, now, day, form, done = [], sender } = request;
  const limits = limitRows(countsOf(form, done), [sender], { first: day, last: day });
  const claim = { touchId, now, day, limits, spacingSeconds: claimedSpacingSeconds };
  const [row] = await sql<{ answer: Claim }>`SELECT claim_touch(${json(claim)}::jsonb) AS answer`;
  if (row === undefined) throw new Error('claim_touch answered nothing');
  return row.answer;
}
