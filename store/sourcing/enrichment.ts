import { transact, type Database } from '../database';
import { tell } from '../enrollments/timeline';
import type { ImportTarget, LeadDraft } from '../leads/lead-draft';
import { filledColumns, knownLeads } from '../leads/lead-import';
import { writeLeads } from '../leads/lead-rows';
import { rescoreIn } from '../leads/scoring';
import type { Sql } from '../sql';
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

/** Leads that wait in a campaign and lack something that an enrichment could know; in the order of admission (ACC-2). */
export function incompleteLeads(sql: Sql, campaignId: string, count: number): Promise<IncompleteLead[]> {
  return sql<IncompleteLead>`
    SELECT l.id, e.id AS "enrollmentId", l.email, l.first_name AS "firstName", l.last_name AS "lastName", l.company,
      l.company_domain AS "companyDomain", l.linkedin_url AS "linkedinUrl"
    FROM enrollment e JOIN lead l ON l.id = e.lead_id
    WHERE e.campaign_id = ${campaignId}::uuid AND e.status = 'waiting' AND l.enriched_at IS NULL
      AND (l.country IS NULL OR l.city IS NULL OR l.mobile IS NULL OR l.linkedin_url IS NULL OR l.title IS NULL
        OR l.industry IS NULL OR l.company_size IS NULL OR l.company_domain IS NULL)
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
    if (columns !== null) {
      await writeLeads(sql, target, [columns]);
      const before = existing?.fieldSources ?? {};
      const fields = Object.keys(columns.fieldSources).filter((name) => !(name in before));
      const numbers = {
        provider: by,
        credits,
        fields: fields.sort().join(', '),
        timezoneSource: columns.timezoneSource,
      };
      const story = { at: now, what: 'enriched' as const, reason: `enriched by ${by}`, rule: 'TIME-2', numbers };
      await tell(sql, { clientId: client.id, enrollmentId: lead.enrollmentId, ...story });
    }
    if (columns !== null) await rescoreIn(sql, { clientId: client.id, leadIds: [lead.id] }, 'all', now);
    await noteEnriched(sql, [lead.id], now);
    await sql`
      UPDATE source_request SET imported = least(imported + ${columns === null ? 0 : 1}, wanted), credits = credits + ${credits}
      WHERE id = ${requestId}::uuid`;
  });
}
