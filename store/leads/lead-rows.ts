import type { Because } from '../../domain/facts';
import type { TimelineWord } from '../enrollments/timeline';
import { json, type Sql } from '../sql';
import type { ImportTarget, LeadDraft } from './lead-draft';
import type { FieldSources } from './field-sources';
import type { ZoneColumns } from './lead-zones';

/** A lead as it is stored. */
export type LeadColumns = Omit<LeadDraft, 'row' | 'timezone'> &
  ZoneColumns & {
    id: string;
    unsubscribeToken: string;
    linkedinProfile: string | null;
    fieldSources: FieldSources;
  };

/** New leads, and known ones with the fields that were missing: one statement for all, a file has thousands. */
export async function writeLeads(sql: Sql, target: ImportTarget, leads: readonly LeadColumns[]): Promise<void> {
  if (leads.length === 0) return;
  await sql`
    INSERT INTO lead AS l (id, client_id, email, first_name, last_name, title, company, company_domain, company_size,
      email_verified, role_started_on, is_hiring, funded_on,
      industry, phone, mobile, linkedin_url, linkedin_profile, city, state, country, score, timezone, timezone_source,
      call_timezone, country_code, region_code, field_sources, unsubscribe_token, created_at)
    SELECT id, ${target.client.id}::uuid, email, "firstName", "lastName", title, company, "companyDomain", "companySize",
      "emailVerified", "roleStartedOn", "isHiring", "fundedOn",
      industry, phone, mobile, "linkedinUrl", "linkedinProfile", city, state, country, score, timezone, "timezoneSource",
      "callTimezone", "countryCode", "regionCode", "fieldSources", "unsubscribeToken", ${target.now}
    FROM jsonb_to_recordset(${json(leads)}::jsonb) AS r(id uuid, email text, "firstName" text, "lastName" text,
      "emailVerified" boolean, "roleStartedOn" date, "isHiring" boolean, "fundedOn" date,
      title text, company text, "companyDomain" text, "companySize" text, industry text, phone text, mobile text,
      "linkedinUrl" text, "linkedinProfile" text, city text, state text, country text, score int, timezone text,
      "timezoneSource" "TimezoneSource", "callTimezone" text, "countryCode" text, "regionCode" text,
      "fieldSources" jsonb, "unsubscribeToken" text)
    ORDER BY id -- the order in which events lock leads
    ON CONFLICT (id) DO UPDATE SET
      -- What may be out of date: the newest that says something holds.
      email_verified = coalesce(EXCLUDED.email_verified, l.email_verified),
      role_started_on = coalesce(EXCLUDED.role_started_on, l.role_started_on),
      is_hiring = coalesce(EXCLUDED.is_hiring, l.is_hiring), funded_on = coalesce(EXCLUDED.funded_on, l.funded_on),
      first_name = EXCLUDED.first_name, last_name = EXCLUDED.last_name,
      title = EXCLUDED.title, company = EXCLUDED.company, company_domain = EXCLUDED.company_domain,
      company_size = EXCLUDED.company_size, industry = EXCLUDED.industry, phone = EXCLUDED.phone,
      mobile = EXCLUDED.mobile, linkedin_url = EXCLUDED.linkedin_url, linkedin_profile = EXCLUDED.linkedin_profile,
      city = EXCLUDED.city, state = EXCLUDED.state, country = EXCLUDED.country, score = coalesce(EXCLUDED.score, l.score),
      score_source = CASE WHEN EXCLUDED.score IS NULL THEN l.score_source ELSE 'import' END,
      score_parts = CASE WHEN EXCLUDED.score IS NULL THEN l.score_parts END,
      timezone = EXCLUDED.timezone, timezone_source = EXCLUDED.timezone_source, call_timezone = EXCLUDED.call_timezone,
      country_code = EXCLUDED.country_code, region_code = EXCLUDED.region_code, field_sources = EXCLUDED.field_sources`;
}

/**
 * A score that was missing moves a known lead in the order of admission (ACC-2); an enrollment that somebody else holds just
 * now keeps its place. Not asked of new leads: they wait nowhere yet.
 */
export async function rankAgain(sql: Sql, known: readonly Pick<LeadColumns, 'id'>[]): Promise<void> {
  if (known.length === 0) return;
  await sql`
    WITH moved AS (
      SELECT e.id, coalesce(-l.score, 1) AS rank FROM lead l JOIN enrollment e ON e.lead_id = l.id
      WHERE l.id = ANY (${known.map(({ id }) => id)}::uuid[])
        AND e.status = 'waiting' AND e.rank <> coalesce(-l.score, 1) FOR NO KEY UPDATE OF e SKIP LOCKED
    )
    UPDATE enrollment e SET rank = moved.rank FROM moved WHERE e.id = moved.id`;
}

/**
 * Enrolls leads in the order of their rows, each with the first entry of its timeline (TRUTH-3).
 * @param leads `numbers` of the entry; by default the row
 */
export async function enroll(
  sql: Sql,
  target: ImportTarget,
  leads: readonly { row: number; leadId: string; numbers?: Because['numbers'] }[],
  { what, reason }: { what: TimelineWord; reason: string } = { what: 'imported', reason: 'imported into the campaign' },
): Promise<void> {
  if (leads.length === 0) return;
  const { campaignId, client, now } = target;
  await sql`
    WITH rows AS (
      SELECT r."leadId" AS lead_id, r."row", r.numbers,
        (SELECT coalesce(-l.score, 1) FROM lead l WHERE l.id = r."leadId") AS rank, gen_random_uuid() AS enrollment_id
      FROM jsonb_to_recordset(${json(leads)}::jsonb) AS r("leadId" uuid, "row" int, numbers jsonb)
    ), enrolled AS (
      INSERT INTO enrollment (id, client_id, campaign_id, lead_id, rank, created_at)
      SELECT enrollment_id, ${client.id}::uuid, ${campaignId}::uuid, lead_id, rank, ${now}::timestamptz
      FROM rows ORDER BY "row"
    )
    INSERT INTO timeline_entry (client_id, enrollment_id, at, what, reason, rule, numbers)
    SELECT ${client.id}::uuid, enrollment_id, ${now}::timestamptz, ${what}, ${reason}, 'CTL-1',
      coalesce(numbers, jsonb_build_object('row', "row"))
    FROM rows ORDER BY "row"`;
}
