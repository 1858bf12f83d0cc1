import type { Transaction } from '../database';
import type { ImportTarget, LeadDraft } from './lead-draft';
import type { ZoneColumns } from './lead-zones';

/** A new lead as it is stored. */
export type LeadColumns = Omit<LeadDraft, 'row' | 'timezone'> & ZoneColumns & { id: string; unsubscribeToken: string };

/** One statement for all: a file has thousands of leads. */
export async function insertLeads(tx: Transaction, target: ImportTarget, leads: readonly LeadColumns[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO lead (id, client_id, email, first_name, last_name, title, company, company_domain, company_size, industry,
      phone, mobile, linkedin_url, city, state, country, score, timezone, timezone_source, call_timezone, country_code,
      region_code, unsubscribe_token, created_at)
    SELECT id, ${target.client.id}::uuid, email, "firstName", "lastName", title, company, "companyDomain", "companySize",
      industry, phone, mobile, "linkedinUrl", city, state, country, score, timezone, "timezoneSource", "callTimezone",
      "countryCode", "regionCode", "unsubscribeToken", ${target.now}
    FROM jsonb_to_recordset(${JSON.stringify(leads)}::jsonb) AS r(id uuid, email text, "firstName" text, "lastName" text,
      title text, company text, "companyDomain" text, "companySize" text, industry text, phone text, mobile text,
      "linkedinUrl" text, city text, state text, country text, score int, timezone text,
      "timezoneSource" "TimezoneSource", "callTimezone" text, "countryCode" text, "regionCode" text,
      "unsubscribeToken" text)`;
}

/** Enrolls leads in the order of their rows, each with the first entry of its story (TRUTH-3). */
export async function enroll(
  tx: Transaction,
  target: ImportTarget,
  leads: readonly { row: number; leadId: string }[],
): Promise<void> {
  const { campaignId, client, now } = target;
  await tx.$executeRaw`
    WITH enrolled AS (
      INSERT INTO enrollment (id, client_id, campaign_id, lead_id, created_at)
      SELECT gen_random_uuid(), ${client.id}::uuid, ${campaignId}::uuid, r."leadId", ${now}
      FROM jsonb_to_recordset(${JSON.stringify(leads)}::jsonb) AS r("leadId" uuid, "row" int) ORDER BY r."row"
      RETURNING id, lead_id)
    INSERT INTO timeline_entry (client_id, enrollment_id, at, what, reason, rule, numbers)
    SELECT ${client.id}::uuid, e.id, ${now}, 'imported', 'imported into the campaign', 'CTL-1',
      jsonb_build_object('row', r."row")
    FROM enrolled e
    JOIN jsonb_to_recordset(${JSON.stringify(leads)}::jsonb) AS r("leadId" uuid, "row" int) ON r."leadId" = e.lead_id`;
}
