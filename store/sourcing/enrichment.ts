import { transact, type Database } from '../database';
import { tell } from '../enrollments/timeline';
import type { ImportTarget, LeadDraft } from '../leads/lead-draft';
import { filledColumns, knownLeads } from '../leads/lead-import';
import { writeLeads } from '../leads/lead-rows';
import { rescoreIn } from '../leads/scoring';
import { toldBy } from '../leads/field-sources';
import { writeScoreFacts, type ToldScoreFacts } from '../leads/score-facts';
import { json, type Sql } from '../sql';
import { noteEnriched } from './sourced-people';

/** A lead of which something is missing, with what helps to find it. */
export interface IncompleteLead {
  id: string;
  enrollmentId: string;
  email: string;
  firstName: string | null;
  lastName: string | null;
  company: string | null;
  companyDomain: string | null;
  linkedinUrl: string | null;
}

/**
 * Leads that wait in a campaign and lack something that an enrichment could know, for reaching them or for a score that is
 * ours to compute (ACC-3); in the order of admission (ACC-2).
 */
export function incompleteLeads(sql: Sql, campaignId: string, count: number): Promise<IncompleteLead[]> {
  return sql<IncompleteLead>`
    SELECT l.id, e.id AS "enrollmentId", l.email, l.first_name AS "firstName", l.last_name AS "lastName", l.company,
      l.company_domain AS "companyDomain", l.linkedin_url AS "linkedinUrl"
    FROM enrollment e JOIN lead l ON l.id = e.lead_id
    WHERE e.campaign_id = ${campaignId}::uuid AND e.status = 'waiting' AND l.enriched_at IS NULL
      AND (l.country IS NULL OR l.city IS NULL OR l.mobile IS NULL OR l.linkedin_url IS NULL OR l.title IS NULL
        OR l.industry IS NULL OR l.company_size IS NULL OR l.company_domain IS NULL
        OR ((l.score IS NULL OR l.score_source = 'computed') AND (l.email_verified IS NULL OR l.role_started_on IS NULL
          OR l.is_hiring IS NULL OR l.funded_on IS NULL)))
    ORDER BY e.rank, e.position LIMIT ${count}`;
}

export interface Told {
  /** A provider's name. */
  by: string;
  credits: number;
  /** Checked and normalised; null: it knows nobody like that. */
  draft: LeadDraft | null;
}

/**
 * Writes down what an enrichment told of a lead, with the request that asked for it. Fields that are known stay. A lead that
 * has begun meanwhile stays as it is: its next touch is planned already.
 */
export async function completeLead(
  database: Database,
  target: ImportTarget,
  { lead, requestId }: { lead: IncompleteLead; requestId: string },
  { by, credits, draft }: Told,
): Promise<void> {
  const { client, now } = target;
  await transact(database, async (sql) => {
    const waiting = await sql`
      SELECT 1 FROM lead l WHERE l.id = ${lead.id}::uuid AND l.client_id = ${client.id}::uuid AND l.email = ${lead.email}
        AND NOT EXISTS (SELECT 1 FROM enrollment e WHERE e.lead_id = l.id AND e.status = 'active')
      FOR NO KEY UPDATE OF l`;
    const existing = (await knownLeads(sql, target, [lead.email])).get(lead.email);
    const isOpen = waiting.length > 0 && existing !== undefined;
    const columns = draft !== null && isOpen ? filledColumns(target, existing, draft, by) : null;
    const scoring = draft !== null && isOpen ? scoreFactsIn(draft) : {};
    const isNews = columns !== null || Object.keys(scoring).length > 0;
    if (columns !== null) await writeLeads(sql, target, [columns]);
    await writeToldFacts(sql, target, { leadId: lead.id, by }, scoring);
    if (isNews) {
      const before = existing?.fieldSources ?? {};
      const told = Object.keys(columns?.fieldSources ?? {}).filter((name) => !(name in before));
      const fields = [...told, ...Object.keys(scoring)].sort().join(', ');
      const timezoneSource = columns?.timezoneSource ?? existing?.timezoneSource ?? null;
      const numbers = { provider: by, credits, fields, timezoneSource };
      const story = { at: now, what: 'enriched' as const, reason: `enriched by ${by}`, rule: 'TIME-2', numbers };
      await tell(sql, { clientId: client.id, enrollmentId: lead.enrollmentId, ...story });
    }
    if (isNews) await rescoreIn(sql, { clientId: client.id, leadIds: [lead.id] }, 'all', now);
    await noteEnriched(sql, [lead.id], now);
    await sql`
      UPDATE source_request SET imported = least(imported + ${isNews ? 1 : 0}, wanted), credits = credits + ${credits}
      WHERE id = ${requestId}::uuid`;
  });
}

type ScoringFacts = Omit<ToldScoreFacts, 'leadId' | 'hasPersonalEmail'>;

/** What a draft says for the score (ACC-3). */
function scoreFactsIn({ emailVerified, roleStartedOn, isHiring, fundedOn }: LeadDraft): ScoringFacts {
  const facts = Object.entries({ emailVerified, roleStartedOn, isHiring, fundedOn });
  return Object.fromEntries(facts.filter(([, value]) => value !== null && value !== undefined));
}

async function writeToldFacts(
  sql: Sql,
  { client, now }: ImportTarget,
  { leadId, by }: { leadId: string; by: string },
  facts: ScoringFacts,
): Promise<void> {
  if (Object.keys(facts).length === 0) return;
  await writeScoreFacts(sql, client.id, [{ leadId, ...facts }]);
  await sql`
    UPDATE lead SET field_sources = field_sources || ${json(toldBy(by, facts, now))}::jsonb
    WHERE id = ${leadId}::uuid AND client_id = ${client.id}::uuid`;
}
