import { creditsOfTierChange, firstPeriod, periodAt, type CreditMonth } from '../../domain/pacing';
import { tiers, type Tier } from '../../domain/tiers';
import type { CreditEntryKind } from '../../prisma/generated/enums';
import { transact, type Database } from '../database';
import { nextPage, type Page, type PageRequest } from '../paging';
import type { Sql } from '../sql';

export interface CreditsRecord extends CreditMonth {
  periodId: string;
  /** Credits that are left. */
  remaining: number;
  /** What the period began with and was given since, by tier changes and by hand. */
  granted: number;
  /** Leads that cost a credit of this period, refunds taken off. */
  admitted: number;
}

/**
 * The client's present period of credits, opened if nobody has yet: it begins with the tier's quota, and what was left of
 * the last one is gone (PACE-1). Idempotent, whoever asks at the same time.
 */
export async function presentCredits(sql: Sql, clientId: string, now: Date): Promise<CreditsRecord> {
  const found = await readPeriod(sql, clientId, now);
  if (found !== null) return found;
  const [client] = await sql<{ timezone: string; tier: Tier; lastEndsAt: Date | null }>`
    SELECT c.timezone, c.tier, p.last AS "lastEndsAt" FROM client c CROSS JOIN LATERAL (
      SELECT max(x.ends_at) AS last FROM credit_period x WHERE x.client_id = c.id) AS p
    WHERE c.id = ${clientId}::uuid`;
  if (client === undefined) throw new Error(`no client ${clientId}`);
  const { timezone, tier, lastEndsAt } = client;
  const [first] = await sql<CreditMonth>`
    SELECT starts_at AS "startsAt", ends_at AS "endsAt" FROM credit_period
    WHERE client_id = ${clientId}::uuid ORDER BY starts_at LIMIT 1`;
  // Counted from the first month, so that one that ends on the 31st comes back to it.
  const month = first === undefined ? firstPeriod(now, timezone) : periodAt(first, now, timezone);
  // In another zone than before, the months do not overlap.
  const startsAt = lastEndsAt !== null && lastEndsAt > month.startsAt ? lastEndsAt : month.startsAt;
  const period = { startsAt, endsAt: month.endsAt };
  await openPeriod(sql, clientId, period, { kind: 'month', quota: tiers[tier].leadsPerMonth, at: now });
  const opened = await readPeriod(sql, clientId, now);
  if (opened === null) throw new Error(`no period of credits is open for client ${clientId}`);
  return opened;
}

/** A first period of credits as an operator brings it: so many are left, until then (PACE-1). */
export async function bringCredits(
  sql: Sql,
  client: { id: string; timezone: string; tier: Tier },
  credits: { remaining: number; resetsAt: Date },
  now: Date,
): Promise<void> {
  const { startsAt } = firstPeriod(now, client.timezone);
  const quota = tiers[client.tier].leadsPerMonth;
  const period = { startsAt, endsAt: credits.resetsAt };
  await openPeriod(sql, client.id, period, { kind: 'brought', quota, remaining: credits.remaining, at: now });
}

/** How a period begins: with the tier's quota, and less or more where an operator says what is left. */
type Opening =
  { kind: 'month'; quota: number; at: Date } | { kind: 'brought'; quota: number; remaining: number; at: Date };

/** Opens a period once: of two who try, one writes and the other waits for it. */
async function openPeriod(sql: Sql, clientId: string, period: CreditMonth, opening: Opening): Promise<void> {
  const { quota, at } = opening;
  const adjusted = opening.kind === 'brought' ? opening.remaining - quota : 0;
  await sql`
    WITH opened AS (
      INSERT INTO credit_period (id, client_id, starts_at, ends_at)
      VALUES (gen_random_uuid(), ${clientId}::uuid, ${period.startsAt}, ${period.endsAt})
      ON CONFLICT DO NOTHING RETURNING id
    )
    INSERT INTO credit_entry (client_id, period_id, kind, amount, balance, reason, at)
    SELECT ${clientId}::uuid, opened.id, e.kind::"CreditEntryKind", e.amount, e.balance, e.reason, ${at}
    FROM opened, (VALUES (1, 'grant', ${quota}::int, ${quota}::int, 'the month''s quota'),
      (2, 'adjust', ${adjusted}::int, ${quota}::int + ${adjusted}::int, 'as brought along')) AS e(n, kind, amount, balance, reason)
    WHERE e.amount <> 0 ORDER BY e.n`;
}

async function readPeriod(sql: Sql, clientId: string, now: Date): Promise<CreditsRecord | null> {
  const [row] = await sql<CreditsRecord>`
    SELECT p.id AS "periodId", p.starts_at AS "startsAt", p.ends_at AS "endsAt", credit_left(p.id) AS remaining,
      coalesce(sum(c.amount) FILTER (WHERE c.kind IN ('grant', 'adjust')), 0)::int AS granted,
      (-coalesce(sum(c.amount) FILTER (WHERE c.kind IN ('admit', 'refund')), 0))::int AS admitted
    FROM credit_period p LEFT JOIN credit_entry c ON c.period_id = p.id
    WHERE p.client_id = ${clientId}::uuid AND p.starts_at <= ${now} AND p.ends_at > ${now}
    GROUP BY p.id ORDER BY p.starts_at DESC LIMIT 1`;
  return row ?? null;
}

/** Credits of a period that were paid since an instant, refunds taken off. */
export async function spentSince(sql: Sql, periodId: string, since: Date): Promise<number> {
  const [row] = await sql<{ spent: number }>`
    SELECT (-coalesce(sum(amount), 0))::int AS spent FROM credit_entry
    WHERE period_id = ${periodId}::uuid AND kind IN ('admit', 'refund') AND at >= ${since}`;
  return row?.spent ?? 0;
}

/** PACE-5: gives back what was paid for leads that ended before their first touch. @returns how many credits */
export async function refundUntouched(sql: Sql, clientId: string, now: Date): Promise<number> {
  const [row] = await sql<{ refunded: number }>`SELECT refund_untouched(${clientId}::uuid, ${now}) AS refunded`;
  return row?.refunded ?? 0;
}

/** Changes a client's tier, and its credits with it (PACE-1). The same tier again changes nothing. */
export async function changeTier(database: Database, clientId: string, tier: Tier, now: Date): Promise<void> {
  await transact(database, async (sql) => {
    const [client] = await sql<{ tier: Tier }>`
      SELECT tier FROM client WHERE id = ${clientId}::uuid FOR NO KEY UPDATE`;
    if (client === undefined || client.tier === tier) return;
    const { periodId } = await presentCredits(sql, clientId, now);
    const remaining = await lockPeriod(sql, periodId);
    await sql`UPDATE client SET tier = ${tier}::"Tier" WHERE id = ${clientId}::uuid`;
    const amount = creditsOfTierChange({ from: client.tier, to: tier, remaining });
    await adjust(sql, { clientId, periodId }, { amount, reason: `tier ${client.tier} became ${tier}` }, now);
  });
}

/** An operator's own correction. @returns false when it would leave less than nothing */
export async function adjustCredits(
  database: Database,
  clientId: string,
  change: { amount: number; reason: string },
  now: Date,
): Promise<boolean> {
  return transact(database, async (sql) => {
    const { periodId } = await presentCredits(sql, clientId, now);
    if ((await lockPeriod(sql, periodId)) + change.amount < 0) return false;
    await adjust(sql, { clientId, periodId }, change, now);
    return true;
  });
}

/** @returns what is left of it */
async function lockPeriod(sql: Sql, periodId: string): Promise<number> {
  await sql`SELECT 1 FROM credit_period WHERE id = ${periodId}::uuid FOR NO KEY UPDATE`;
  const [row] = await sql<{ remaining: number }>`SELECT credit_left(${periodId}::uuid) AS remaining`;
  return row?.remaining ?? 0;
}

async function adjust(
  sql: Sql,
  { clientId, periodId }: { clientId: string; periodId: string },
  { amount, reason }: { amount: number; reason: string },
  now: Date,
): Promise<void> {
  if (amount === 0) return;
  await sql`
    INSERT INTO credit_entry (client_id, period_id, kind, amount, balance, reason, at)
    VALUES (${clientId}::uuid, ${periodId}::uuid, 'adjust', ${amount}, credit_left(${periodId}::uuid) + ${amount}::int,
      ${reason}, ${now})`;
}

export interface CreditEntryRecord {
  id: string;
  kind: CreditEntryKind;
  amount: number;
  /** What was left after it. */
  balance: number;
  leadId: string | null;
  reason: string;
  at: Date;
}

/** The client's ledger, the newest first. */
export async function listCreditEntries(
  database: Database,
  clientId: string,
  page: PageRequest,
): Promise<Page<CreditEntryRecord>> {
  const rows = await database.creditEntry.findMany({
    where: { clientId, ...(page.after === null ? {} : { id: { lt: BigInt(page.after) } }) },
    select: { id: true, kind: true, amount: true, balance: true, leadId: true, reason: true, at: true },
    orderBy: { id: 'desc' },
    take: page.limit + 1,
  });
  return nextPage(
    rows.map((row) => ({ ...row, id: String(row.id) })),
    page.limit,
    (row) => row.id,
  );
}
