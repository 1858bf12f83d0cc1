import { limits } from '../../domain/limits';
import type { Sql } from '../sql';
import type { ClaimedTouch } from './claims';

/** The counters of profiles looked at. */
const counters = limits.filter(({ counts }) => counts === 'profileView').map(({ counter }) => counter);

/**
 * The profile was looked at, and the person sees it, although the touch itself comes to nothing: the look stays counted
 * (LIM-6), and the next attempt does without one.
 */
export async function noteLook(sql: Sql, touch: ClaimedTouch, now: Date): Promise<void> {
  await sql`
    WITH looked AS (
      UPDATE touch SET looked_at = ${now}
      WHERE id = ${touch.touchId}::uuid AND status = 'sending' AND fence = ${touch.fence} RETURNING id
    )
    UPDATE capacity_hold h SET is_spent = true FROM looked l WHERE h.touch_id = l.id AND h.counter = ANY (${counters}::text[])`;
}
