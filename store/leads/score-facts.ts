import { canonical, domainWithParents } from '../../domain/canonical';
import { localDate, type LocalDate } from '../../domain/calendar/local-date';
import type { ScoreContext, ScoreFacts, ScorePart } from '../../domain/score';
import type { ScoredTargeting } from '../../domain/targeting';
import { json, type Sql } from '../sql';
import { personalIdentifiers } from './suppressions';

/** A lead that may be scored, with its present score. */
export interface ScorableLead {
  id: string;
  score: number | null;
  parts: ScorePart[] | null;
  facts: ScoreFacts;
  context: ScoreContext;
}

interface Row {
  id: string;
  score: number | null;
  parts: ScorePart[] | null;
  email: string;
  companyDomain: string | null;
  phone: string | null;
  mobile: string | null;
  linkedinUrl: string | null;
  emailVerified: boolean | null;
  hasPersonalEmail: boolean | null;
  title: string | null;
  industry: string | null;
  companySize: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  roleStartedOn: LocalDate | null;
  isHiring: boolean | null;
  fundedOn: LocalDate | null;
  clientTimezone: string;
  competitors: string[] | null;
  /** Of the campaign that it is in, or waits for; null: it was never in one. */
  targeting: ScoredTargeting | null;
}

/**
 * Locks the leads whose score is ours to compute, in the order in which events lock leads, and reads what it is computed
 * from (ACC-3). A score of the import's own is not ours; nor is an erased lead.
 * @param which `computed`: only those that have a computed score already
 */
export async function lockScorable(
  sql: Sql,
  { clientId, leadIds }: { clientId: string; leadIds: readonly string[] },
  which: 'computed' | 'all',
  now: Date,
): Promise<ScorableLead[]> {
  const locked = await sql<{ id: string }>`
    SELECT id FROM lead
    WHERE client_id = ${clientId}::uuid AND id = ANY (${leadIds}::uuid[]) AND email NOT LIKE '%@erased.invalid'
      AND (score_source = 'computed' OR (score IS NULL AND ${which === 'all'}))
    ORDER BY id FOR NO KEY UPDATE`;
  if (locked.length === 0) return [];
  const rows = await readRows(
    sql,
    locked.map(({ id }) => id),
  );
  const blocked = await blockedAmong(sql, clientId, rows);
  return rows.map((row) => ({
    id: row.id,
    score: row.score,
    parts: row.parts,
    facts: factsOf(row, blocked),
    context: { targeting: row.targeting, today: localDate(now, row.clientTimezone) },
  }));
}

/** The campaign of a lead: where it is active, else where it waits, else where it was; the one it came to first. */
function readRows(sql: Sql, leadIds: readonly string[]): Promise<Row[]> {
  return sql<Row>`
    SELECT l.id, l.score, l.score_parts AS parts, l.email, l.company_domain AS "companyDomain", l.phone, l.mobile,
      l.linkedin_url AS "linkedinUrl", l.email_verified AS "emailVerified", l.has_personal_email AS "hasPersonalEmail",
      l.title, l.industry, l.company_size AS "companySize", l.city, l.state, l.country,
      l.role_started_on AS "roleStartedOn", l.is_hiring AS "isHiring", l.funded_on AS "fundedOn",
      c.timezone AS "clientTimezone", c.competitors, k.targeting
    FROM lead l JOIN client c ON c.id = l.client_id LEFT JOIN LATERAL (
      SELECT jsonb_build_object('industries', '[]'::jsonb, 'titles', '[]'::jsonb, 'companySizes', '[]'::jsonb,
        'locations', '[]'::jsonb) || k.targeting AS targeting
      FROM enrollment e JOIN campaign k ON k.id = e.campaign_id
      WHERE e.lead_id = l.id
      ORDER BY e.status <> 'active', e.status <> 'waiting', e.position LIMIT 1) AS k ON true
    WHERE l.id = ANY (${leadIds}::uuid[]) ORDER BY l.id`;
}

/** Who is blocked, by "kind value". One that was erased is blocked by its hash alone, and not seen here: the gate does. */
type Blocked = ReadonlyMap<string, 'all' | 'email'>;

async function blockedAmong(sql: Sql, clientId: string, rows: readonly Row[]): Promise<Blocked> {
  const values = rows.flatMap((row) => identifiersOf(row).map(({ value }) => value));
  const found = await sql<{ kind: string; value: string; scope: 'all' | 'email' }>`
    SELECT kind, value, scope FROM suppression WHERE client_id = ${clientId}::uuid AND value = ANY (${values}::text[])`;
  return new Map(found.map(({ kind, value, scope }) => [`${kind} ${value}`, scope]));
}

const identifiersOf = (row: Row) =>
  personalIdentifiers(row).map(({ kind, value }) => ({ kind, value: canonical(kind, value) }));

function factsOf(row: Row, blocked: Blocked): ScoreFacts {
  const scopes = identifiersOf(row).map(({ kind, value }) => blocked.get(`${kind} ${value}`));
  const { email, emailVerified, hasPersonalEmail, title, industry, companySize } = row;
  const { city, state, country, roleStartedOn, isHiring, fundedOn } = row;
  return {
    email,
    emailVerified,
    hasPhone: row.phone !== null || row.mobile !== null,
    hasLinkedin: row.linkedinUrl !== null,
    hasPersonalEmail,
    title,
    industry,
    companySize,
    place: { city, state, country },
    roleStartedOn,
    isHiring,
    fundedOn,
    // A hard bounce blocks the address, for e-mail alone (SEQ-4).
    bouncedBefore: scopes.includes('email'),
    isAtCompetitor: isAtCompetitor(row),
    unsubscribedBefore: scopes.includes('all'),
  };
}

function isAtCompetitor({ email, companyDomain, competitors }: Row): boolean | null {
  if (competitors === null || competitors.length === 0) return null;
  const own = [email.slice(email.lastIndexOf('@') + 1), companyDomain ?? ''].flatMap(domainWithParents);
  return own.some((domain) => competitors.includes(domain));
}

/** What a source told of leads beside their contact: the newest that says something holds. */
export interface ToldScoreFacts {
  leadId: string;
  emailVerified?: boolean | null;
  hasPersonalEmail?: boolean | null;
  roleStartedOn?: LocalDate | null;
  isHiring?: boolean | null;
  fundedOn?: LocalDate | null;
}

/** Writes down what a source told; the caller has these leads scored anew afterwards. */
export async function writeScoreFacts(sql: Sql, clientId: string, told: readonly ToldScoreFacts[]): Promise<void> {
  if (told.length === 0) return;
  await sql`
    WITH told AS (
      SELECT r.* FROM jsonb_to_recordset(${json(told)}::jsonb) AS r("leadId" uuid, "emailVerified" boolean,
        "hasPersonalEmail" boolean, "roleStartedOn" date, "isHiring" boolean, "fundedOn" date)
    ), locked AS (
      SELECT l.id FROM lead l WHERE l.client_id = ${clientId}::uuid AND l.id IN (SELECT "leadId" FROM told)
        AND l.email NOT LIKE '%@erased.invalid'
      ORDER BY l.id FOR NO KEY UPDATE
    )
    UPDATE lead l SET email_verified = coalesce(t."emailVerified", l.email_verified),
      has_personal_email = coalesce(t."hasPersonalEmail", l.has_personal_email),
      role_started_on = coalesce(t."roleStartedOn", l.role_started_on), is_hiring = coalesce(t."isHiring", l.is_hiring),
      funded_on = coalesce(t."fundedOn", l.funded_on)
    FROM locked, told t WHERE l.id = locked.id AND t."leadId" = l.id`;
}
