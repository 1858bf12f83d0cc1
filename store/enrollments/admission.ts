import type { LocalDate } from '../../domain/calendar/local-date';
import type { Counted, Sender } from '../../domain/limits';
import type { DayAllowance, Spent } from '../capacity/book';
import { limitsJson } from '../capacity/limit-rows';
import type { Sql } from '../sql';
import { isTaken } from '../unique';

/** Where somebody stands in the order of admission. */
export interface AdmissionPlace {
  rank: number;
  position: number;
}

/** A waiting enrollment, in the order of admission. */
export interface Candidate extends AdmissionPlace {
  enrollmentId: string;
  leadId: string;
  /** What its send windows depend on: zone, country and region, and the step that it begins with. */
  calendar: string;
  /**
   * What decides which channels reach it: its contacts, what is known of its address, its score, and the step
   * that it begins with.
   */
  reach: string;
}

/**
 * The next enrollments to admit: higher scores first (ACC-2), then in the order of import. Leads that are in another
 * active sequence of the client stay where they are (SEQ-8).
 * @param passed calendars and reaches that need not be asked again today, and the last enrollment that was; null: none
 * @param limit rows at most: as many as there may be room for
 */
export async function admissionCandidates(
  sql: Sql,
  campaignId: string,
  passed: { calendars: readonly string[]; reaches: readonly string[]; last: AdmissionPlace | null },
  limit: number,
): Promise<Candidate[]> {
  return sql<Candidate>`
    SELECT e.id AS "enrollmentId", e.lead_id AS "leadId", e.rank, e.position,
      concat_ws('/', l.timezone, l.country_code, l.region_code, e.from_step) AS calendar, r.reach
    FROM enrollment e JOIN lead l ON l.id = e.lead_id
      CROSS JOIN LATERAL (SELECT concat_ws('/', l.mobile IS NULL, l.phone IS NULL, l.linkedin_url IS NULL,
        l.call_timezone IS NULL,
        l.email_status IN ('unchecked', 'deliverable'), l.score, e.from_step) AS reach) AS r
    WHERE e.campaign_id = ${campaignId}::uuid AND e.status = 'waiting'
      AND concat_ws('/', l.timezone, l.country_code, l.region_code, e.from_step) <> ALL (${passed.calendars}::text[])
      AND r.reach <> ALL (${passed.reaches}::text[])
      AND (e.rank, e.position) > (${passed.last?.rank ?? firstRank}::int, ${passed.last?.position ?? 0}::int)
      AND NOT EXISTS (SELECT 1 FROM enrollment o WHERE o.lead_id = e.lead_id AND o.status = 'active')
    ORDER BY e.rank, e.position
    LIMIT ${limit}`;
}

/** Before everyone's: scores end at 100. */
const firstRank = -101;

/** How many more touches these senders have room for on one day, as the limits say; 0: none of them has any. */
export async function roomOn(
  sql: Sql,
  day: LocalDate,
  counts: readonly Counted[],
  senders: readonly Sender[],
): Promise<number> {
  if (senders.length === 0) return 0;
  const [row] = await sql<{ room: number }>`
    SELECT coalesce(sum(room), 0)::int AS room FROM senders_with_room(
      (SELECT array_agg(g) FROM jsonb_populate_recordset(
        NULL::sender_limit, ${limitsJson(counts, senders, { first: day, last: day })}::jsonb) AS g), ${day}::date)`;
  return row?.room ?? 0;
}

/**
 * Admits an enrollment whose first touch is not today's. `day0` is given when the sequence has no step 1 (SEQ-1, SEQ-6).
 * @returns the workflow's start that is owed; not now: it was no longer waiting, or its lead is in another active sequence
 */
export async function admitWithoutBooking(
  sql: Sql,
  enrollmentId: string,
  { day0, allowance }: { day0: LocalDate | null; allowance: DayAllowance },
  now: Date,
): Promise<{ kind: 'admitted'; outboxId: string } | { kind: 'not now' } | Spent> {
  const answer = sql<{ credit: 'yes' | Spent['of']; outboxId: string | null }>`
    WITH locked AS MATERIALIZED (
      SELECT e.id FROM lead l JOIN enrollment e ON e.lead_id = l.id
      WHERE e.id = ${enrollmentId}::uuid AND e.status = 'waiting' FOR NO KEY UPDATE OF l, e
    ), asked AS MATERIALIZED (
      SELECT l.id, lock_credit(l.id, ${now}, ${allowance.since}::timestamptz, ${allowance.atMost}::int) AS credit
      FROM locked l
      WHERE NOT EXISTS (
        SELECT 1 FROM enrollment e JOIN enrollment o ON o.lead_id = e.lead_id WHERE e.id = l.id AND o.status = 'active')
    ), begun AS (
      UPDATE enrollment e SET day0 = coalesce(${day0}::date, e.day0) FROM asked a WHERE e.id = a.id AND a.credit = 'yes'
      RETURNING e.id
    )
    -- One after the other: a row that two parts of a statement change by themselves is an error.
    SELECT a.credit, admit_enrollment(b.id, ${now}) AS "outboxId" FROM asked a LEFT JOIN begun b ON b.id = a.id`;
  try {
    const [row] = await answer;
    if (row === undefined) return { kind: 'not now' };
    if (row.credit !== 'yes') return { kind: 'spent', of: row.credit };
    return row.outboxId === null ? { kind: 'not now' } : { kind: 'admitted', outboxId: row.outboxId };
  } catch (error) {
    // Another campaign admitted the person while this one waited for the lock: SEQ-8's index knows.
    if (isTaken(error)) return { kind: 'not now' };
    throw error;
  }
}

/** A campaign that may admit leads today. */
export interface AdmittingCampaign {
  campaignId: string;
  admittedToday: number;
}

/**
 * The client's active campaigns that have somebody waiting, with what they have admitted since its day began (PACE-4).
 * The oldest first.
 */
export function admittingCampaigns(sql: Sql, clientId: string, since: Date): Promise<AdmittingCampaign[]> {
  return sql<AdmittingCampaign>`
    SELECT k.id AS "campaignId", (
      SELECT count(*)::int FROM enrollment e
      WHERE e.client_id = k.client_id AND e.admitted_at >= ${since} AND e.campaign_id = k.id) AS "admittedToday"
    FROM campaign k
    WHERE k.client_id = ${clientId}::uuid AND k.status = 'active' AND EXISTS (
      SELECT 1 FROM enrollment e WHERE e.campaign_id = k.id AND e.status = 'waiting')
    ORDER BY k.activated_at, k.id`;
}

/** When the newest of the client's active campaigns was activated; null: none is active. */
export async function lastActivation(sql: Sql, clientId: string): Promise<Date | null> {
  const [row] = await sql<{ at: Date | null }>`
    SELECT max(activated_at) AS at FROM campaign WHERE client_id = ${clientId}::uuid AND status = 'active'`;
  return row?.at ?? null;
}

/** How many leads of a client were admitted since its day began. */
export async function admittedSince(sql: Sql, clientId: string, since: Date): Promise<number> {
  const [row] = await sql<{ admitted: number }>`
    SELECT count(*)::int AS admitted FROM enrollment WHERE client_id = ${clientId}::uuid AND admitted_at >= ${since}`;
  return row?.admitted ?? 0;
}

/** How many leads a campaign has admitted in all. */
export async function admittedInAll(sql: Sql, campaignId: string): Promise<number> {
  const [row] = await sql<{ admitted: number }>`
    SELECT count(*)::int AS admitted FROM enrollment
    WHERE campaign_id = ${campaignId}::uuid AND status IN ('active', 'completed', 'stopped') AND admitted_at IS NOT NULL`;
  return row?.admitted ?? 0;
}
