import type { Sql } from '../sql';

/**
 * The turnstile of a campaign, as the text whose hash is locked. A booking takes it shared and gives it back at once, before
 * it locks anything else: so it waits for a move that is under way holding nothing, and stands outside the order of locks.
 */
export const turnstileKey = (campaignId: string): string => `moves:${campaignId}`;

/**
 * Lets a move of a campaign go before the bookings that come after it. Bookings share the campaign's row, so that one after
 * the other could keep a move waiting for as long as there is something to book; from here on they wait at the turnstile.
 * Held until the transaction ends.
 */
export async function closeTurnstile(sql: Sql, campaignId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${turnstileKey(campaignId)}, 0))`;
}

/** A campaign that takes no leads any more. */
export class CampaignCompleted extends Error {
  override readonly name = 'CampaignCompleted';
}

/**
 * Keeps a campaign from being completed until the transaction ends: whoever is enrolled in it by then is ended with it.
 * @throws CampaignCompleted when it is completed already
 */
export async function keepOpen(sql: Sql, campaignId: string): Promise<void> {
  const open = await sql`
    SELECT 1 FROM campaign WHERE id = ${campaignId}::uuid AND status <> 'completed' FOR SHARE`;
  if (open.length === 0) throw new CampaignCompleted('the campaign is completed');
}
