import { randomBytes, randomUUID } from 'node:crypto';
import { canonical } from '../../domain/canonical';
import { keepOpen } from '../campaigns/moves-lock';
import { transact, type Database } from '../database';
import type { Sql } from '../sql';
import type { ImportTarget, LeadDraft } from './lead-draft';
import { enroll, rankAgain, writeLeads, type LeadColumns } from './lead-rows';
import { rememberedZones, type ZoneOf } from './lead-zones';
import { rescoreComputed } from './scoring';
import { rememberedHashes, suppressedAmong } from './suppressions';

export interface ImportCounts {
  imported: number;
  duplicates: number;
  suppressed: number;
}

/** Rows per transaction: large enough for speed, small enough to hold the client's lock for tens of milliseconds. */
export const importBatchSize = 500;

/**
 * Enrolls leads in a campaign, batch by batch as they are read, so that a file of any length needs little memory. A
 * lead that is enrolled already, or stands twice in the list, is a duplicate and is not changed; a known lead gets an
 * enrollment and the fields that were missing.
 * @throws CampaignCompleted when the campaign is completed, also in the middle of a file
 */
export async function importLeads(
  database: Database,
  target: ImportTarget,
  batches: Iterable<readonly LeadDraft[]> | AsyncIterable<readonly LeadDraft[]>,
): Promise<ImportCounts> {
  const seen = new Set<string>();
  const counts = { imported: 0, duplicates: 0, suppressed: 0 };
  const count = ({ imported, duplicates, suppressed }: ImportCounts): void => {
    counts.imported += imported;
    counts.duplicates += duplicates;
    counts.suppressed += suppressed;
  };
  const memory: Memory = {
    zoneOf: rememberedZones(target.client),
    hashesOf: rememberedHashes(target.secretKey),
    knownIds: [],
  };
  // While the database writes a batch, the next one is read and checked.
  let writing: Promise<ImportCounts> = Promise.resolve({ ...counts });
  try {
    for await (const batch of batches) {
      const drafts = batch.filter(({ email }) => !seen.has(email) && seen.add(email));
      const firsts = drafts.map((draft) => ({ draft, hashes: memory.hashesOf(draft) }));
      count(await writing);
      counts.duplicates += batch.length - firsts.length;
      writing = transact(database, (sql) => importBatch(sql, target, firsts, memory));
      writing.catch(() => undefined); // heard of at the next `await`
    }
  } finally {
    await writing.catch(() => undefined);
  }
  count(await writing);
  // ACC-3: what the file added to known leads may change a computed score.
  await rescoreComputed(database, { clientId: target.client.id, leadIds: memory.knownIds }, target.now);
  return counts;
}

/** What leads of one file share, so that it is found out once. */
interface Memory {
  zoneOf: ZoneOf;
  hashesOf: (lead: LeadFields) => string[];
  /** Leads that the client knew before and that this file enrolled. */
  knownIds: string[];
}

async function importBatch(
  sql: Sql,
  target: ImportTarget,
  batch: readonly HashedDraft[],
  { zoneOf, hashesOf, knownIds }: Memory,
): Promise<ImportCounts> {
  // One import of a client at a time: two uploads of the same file must not count the same lead twice.
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${target.client.id}, 0))`;
  await keepOpen(sql, target.campaignId);
  const known = await knownLeads(sql, target, batch);
  const fresh = batch.filter(({ draft }) => known.get(draft.email)?.enrolled !== true);
  const people = fresh.map(({ draft, hashes }): Person => {
    const existing = known.get(draft.email);
    const fields = merged(draft, existing);
    return { draft, fields, hashes: existing === undefined ? hashes : hashesOf(fields) };
  });
  const admissible = await withoutSuppressed(sql, target, people);
  const tokens = newTokens(admissible.length);
  const rows = admissible.map((person, index) => {
    const existing = known.get(person.draft.email);
    return columnsOf(person, existing, { zoneOf, token: tokens[index] ?? '' });
  });
  await writeLeads(sql, target, rows);
  const knownRows = rows.filter(({ email }) => known.has(email));
  knownIds.push(...knownRows.map(({ id }) => id));
  await rankAgain(sql, knownRows);
  await enroll(
    sql,
    target,
    admissible.map(({ draft }, index) => ({ row: draft.row, leadId: rows[index]?.id ?? '' })),
  );
  return {
    imported: admissible.length,
    duplicates: batch.length - fresh.length,
    suppressed: fresh.length - admissible.length,
  };
}

type LeadFields = Omit<LeadDraft, 'row' | 'timezone'>;
type KnownLead = Omit<LeadColumns, 'linkedinProfile'> & { enrolled: boolean };

/** A draft with the hashes of what it says itself: found out before its turn in the database. */
interface HashedDraft {
  draft: LeadDraft;
  hashes: string[];
}

interface Person {
  draft: LeadDraft;
  /** What is known of the lead after this import. */
  fields: LeadFields;
  /** Every hash that would block it. */
  hashes: string[];
}

async function knownLeads(
  sql: Sql,
  target: ImportTarget,
  batch: readonly HashedDraft[],
): Promise<Map<string, KnownLead>> {
  const rows = await sql<KnownLead>`
    SELECT l.id, l.email, l.first_name AS "firstName", l.last_name AS "lastName", l.title, l.company,
      l.company_domain AS "companyDomain", l.company_size AS "companySize", l.industry, l.phone, l.mobile,
      l.linkedin_url AS "linkedinUrl", l.city, l.state, l.country, l.timezone,
      CASE WHEN l.score_source = 'import' THEN l.score END AS score, -- an import's own replaces a computed one
      l.timezone_source AS "timezoneSource", l.call_timezone AS "callTimezone", l.country_code AS "countryCode",
      l.region_code AS "regionCode", l.unsubscribe_token AS "unsubscribeToken",
      EXISTS (SELECT 1 FROM enrollment e WHERE e.lead_id = l.id AND e.campaign_id = ${target.campaignId}::uuid) AS enrolled
    FROM lead l
    WHERE l.client_id = ${target.client.id}::uuid AND l.email = ANY (${batch.map(({ draft }) => draft.email)}::text[])`;
  return new Map(rows.map((lead) => [lead.email, lead]));
}

/** SEQ-5, CTL-3: suppressed people are not enrolled, under whichever of their addresses or numbers. */
async function withoutSuppressed(sql: Sql, target: ImportTarget, people: readonly Person[]): Promise<Person[]> {
  const all = people.flatMap((person) => person.hashes);
  const blocked = await suppressedAmong(sql, target.client.id, all);
  return people.filter(({ hashes }) => !hashes.some((hash) => blocked.has(hash)));
}

function columnsOf(
  { draft, fields }: Person,
  existing: KnownLead | undefined,
  { zoneOf, token }: { zoneOf: ZoneOf; token: string },
): LeadColumns {
  const zone = zoneOf({ ...fields, timezone: draft.timezone }, fields.mobile ?? fields.phone);
  // A zone that is known by the headquarters stays.
  const kept = existing?.timezoneSource === 'hq' ? zoneColumnsOf(existing) : zone;
  return {
    ...fields,
    ...kept,
    id: existing?.id ?? randomUUID(),
    linkedinProfile: fields.linkedinUrl === null ? null : canonical('linkedin', fields.linkedinUrl),
    unsubscribeToken: existing?.unsubscribeToken ?? token,
  };
}

function zoneColumnsOf({ timezone, timezoneSource, callTimezone, countryCode, regionCode }: KnownLead) {
  return { timezone, timezoneSource, callTimezone, countryCode, regionCode };
}

/** Unguessable: 192 random bits each (RFC 8058: whoever has the link may unsubscribe). Asked for at once: that is faster. */
function newTokens(count: number): string[] {
  const bytes = randomBytes(24 * count);
  return Array.from({ length: count }, (_, index) => bytes.toString('base64url', 24 * index, 24 * (index + 1)));
}

/** What is known of the lead already stays; what was missing comes from the new row. */
function merged(draft: LeadDraft, existing: KnownLead | undefined): LeadFields {
  const { row: _row, timezone: _timezone, ...fields } = draft;
  if (existing === undefined) return fields;
  const filled = Object.entries(fields).map(([name, value]) => [name, existing[name as keyof LeadFields] ?? value]);
  return Object.fromEntries(filled) as LeadFields;
}
