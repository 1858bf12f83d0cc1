import type { Because } from '../../domain/facts';
import { spacingSeconds } from '../../domain/limits';
import { answerSeconds, type SendTimes } from '../../domain/send-times';
import { json, type Sql } from '../sql';
import type { ClaimedTouch } from './claims';

/**
 * The mark before the first byte, committed: from here on the provider may have the touch (TRUTH-1). Refused when its
 * sequence was stopped since the claim, when the attempt's lease is over, or when its sender's last touch is too near.
 * @param now when it leaves, by the run's clock
 * @returns null when it may leave, else why nothing may
 */
export async function handOver(
  sql: Sql,
  { touchId, fence }: ClaimedTouch,
  times: SendTimes,
  now: Date,
): Promise<Because | null> {
  const mark = { touchId, fence, now, spacingSeconds, answerSeconds: answerSeconds(times) };
  const [row] = await sql<{ refusal: Because | null }>`SELECT hand_over(${json(mark)}::jsonb) AS refusal`;
  if (row === undefined) throw new Error('hand_over answered nothing');
  return row.refusal;
}

/** Takes the right to leave from what is claimed and not handed over yet, on these channels; the caller has locked the enrollment. */
export async function revokeClaims(sql: Sql, enrollmentId: string, on: readonly string[]): Promise<void> {
  await sql`
    UPDATE touch SET lease_until = clock_timestamp()
    WHERE enrollment_id = ${enrollmentId}::uuid AND status = 'sending' AND handed_over_at IS NULL
      AND channel = ANY (${on}::text[])`;
}
