import { tiers, type Tier } from '../../domain/tiers';
import type { Transaction } from '../database';
import type { Sql } from '../sql';

/** The client's tier allows no more of something (PACE). */
export class TierExceeded extends Error {
  override readonly name = 'TierExceeded';

  constructor(
    readonly tier: Tier,
    readonly what: 'active campaigns' | 'LinkedIn seats',
    readonly allowed: number,
  ) {
    super(`the tier ${tier} allows ${allowed} ${what}`);
  }
}

/**
 * Sees to it that one campaign more may become active; of two at once the second waits for the first, until the
 * transaction ends. @throws TierExceeded
 */
export async function requireActiveCampaign(sql: Sql, clientId: string): Promise<void> {
  const [client] = await sql<{ tier: Tier }>`SELECT tier FROM client WHERE id = ${clientId}::uuid FOR NO KEY UPDATE`;
  const [row] = await sql<{ active: number }>`
    SELECT count(*)::int AS active FROM campaign WHERE client_id = ${clientId}::uuid AND status = 'active'`;
  if (client !== undefined) refuse(client.tier, 'active campaigns', row?.active ?? 0);
}

/** The same for one LinkedIn seat more. @throws TierExceeded */
export async function requireSeat(tx: Transaction, clientId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM client WHERE id = ${clientId}::uuid FOR NO KEY UPDATE`;
  const { tier } = await tx.client.findUniqueOrThrow({ where: { id: clientId }, select: { tier: true } });
  refuse(tier, 'LinkedIn seats', await tx.sender.count({ where: { clientId, kind: 'linkedin_seat' } }));
}

function refuse(tier: Tier, what: TierExceeded['what'], present: number): void {
  const { activeCampaigns, linkedInSeats } = tiers[tier];
  const allowed = what === 'active campaigns' ? activeCampaigns : linkedInSeats;
  if (present >= allowed) throw new TierExceeded(tier, what, allowed);
}
