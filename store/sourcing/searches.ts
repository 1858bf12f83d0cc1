import { createHash } from 'node:crypto';
import { searchAgainAfterDays, type Audience } from '../../domain/sourcing';
import type { Database } from '../database';
import type { Sql } from '../sql';

/** A campaign's search at one provider. */
export interface SearchPlace {
  clientId: string;
  campaignId: string;
  provider: string;
}

/** A search that this caller alone works on, until `leasedUntil`. */
export interface LeasedSearch extends SearchPlace {
  cursor: string | null;
  isExhausted: boolean;
  leasedUntil: Date;
}

/** Seconds: longer than any request to a provider takes, and what comes of it. */
const leaseSeconds = 120;

const hashOf = (audience: Audience): string => createHash('sha256').update(JSON.stringify(audience)).digest('hex');

/**
 * Takes a search up where it was left, for this caller alone. A changed targeting begins anew, and so does a search that
 * was exhausted a month ago.
 * @returns null while somebody else searches
 */
export async function leaseSearch(
  sql: Sql,
  { clientId, campaignId, provider }: SearchPlace,
  audience: Audience,
  now: Date,
): Promise<LeasedSearch | null> {
  const hash = hashOf(audience);
  const [row] = await sql<LeasedSearch>`
    INSERT INTO lead_search AS s (campaign_id, client_id, provider, query_hash, leased_until)
    VALUES (${campaignId}::uuid, ${clientId}::uuid, ${provider}, ${hash},
      ${now}::timestamptz + make_interval(secs => ${leaseSeconds}))
    ON CONFLICT (campaign_id, provider) DO UPDATE SET query_hash = EXCLUDED.query_hash,
      leased_until = EXCLUDED.leased_until,
      cursor = CASE WHEN s.query_hash = EXCLUDED.query_hash THEN s.cursor END,
      total = CASE WHEN s.query_hash = EXCLUDED.query_hash THEN s.total END,
      exhausted_at = CASE WHEN s.query_hash = EXCLUDED.query_hash
        AND s.exhausted_at > ${now}::timestamptz - make_interval(days => ${searchAgainAfterDays}) THEN s.exhausted_at END
    WHERE s.leased_until IS NULL OR s.leased_until < ${now}::timestamptz
    RETURNING campaign_id AS "campaignId", client_id AS "clientId", provider, cursor,
      exhausted_at IS NOT NULL AS "isExhausted", leased_until AS "leasedUntil"`;
  return row ?? null;
}

/** What the column holds; nobody counts further. */
const largestTotal = 2 ** 31 - 1;

/** Notes where the search goes on, and keeps it for longer. */
export async function turnPage(
  sql: Sql,
  { campaignId, provider }: SearchPlace,
  place: { cursor: string | null; total: number | null; isExhausted: boolean },
  now: Date,
): Promise<void> {
  const total = place.total === null ? null : Math.min(place.total, largestTotal);
  await sql`
    UPDATE lead_search SET cursor = ${place.cursor}, total = coalesce(${total}::int, total),
      exhausted_at = CASE WHEN ${place.isExhausted}::boolean THEN ${now}::timestamptz END,
      leased_until = ${now}::timestamptz + make_interval(secs => ${leaseSeconds})
    WHERE campaign_id = ${campaignId}::uuid AND provider = ${provider}`;
}

/** Somebody still works on it. */
export async function keepSearch(sql: Sql, { campaignId, provider }: SearchPlace, now: Date): Promise<void> {
  await sql`
    UPDATE lead_search SET leased_until = ${now}::timestamptz + make_interval(secs => ${leaseSeconds})
    WHERE campaign_id = ${campaignId}::uuid AND provider = ${provider}`;
}

/** Lets others search. */
export async function releaseSearch(sql: Sql, { campaignId, provider }: SearchPlace): Promise<void> {
  await sql`
    UPDATE lead_search SET leased_until = NULL WHERE campaign_id = ${campaignId}::uuid AND provider = ${provider}`;
}

export interface SearchProgress {
  provider: string;
  /** How many people there are, as far as the provider says. */
  total: number | null;
  exhaustedAt: Date | null;
}

/** How far a campaign's searches have come. */
export function listSearches(
  database: Database,
  { clientId, campaignId }: { clientId: string; campaignId: string },
): Promise<SearchProgress[]> {
  return database.leadSearch.findMany({
    where: { clientId, campaignId },
    select: { provider: true, total: true, exhaustedAt: true },
    orderBy: { provider: 'asc' },
  });
}
