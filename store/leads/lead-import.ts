import { randomBytes, randomUUID } from 'node:crypto';
import { resolveCountry } from '../../domain/calendar/country';
import { canonical } from '../../domain/canonical';
import { keepOpen } from '../campaigns/moves-lock';
import { transact, type Database } from '../database';
import type { Sql } from '../sql';
import { givingWay, toldBy, withoutSourcesOf, type FieldSources, type ToldField } from './field-sources';
import type { ImportTarget, LeadDraft } from './lead-draft';
import { enroll, rankAgain, writeLeads, type LeadColumns } from './lead-rows';
import { writePositions } from './lead-positions';
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

/**
 * One import of a client at a time, until the transaction ends: two uploads of the same file must not count the same lead
 * twice. It stands before every other lock.
 */
export async function oneImportAtATime(sql: Sql, clientId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${clientId}, 0))`;
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
  await oneImportAtATime(sql, target.client.id);
  await keepOpen(sql, target.campaignId);
  const emails = batch.map(({ draft }) => draft.email);
  const known = await knownLeads(sql, target, emails);
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
  await writePositions(
    sql,
    target,
    admissible.map(({ draft }, index) => ({
      row: draft.row,
      leadId: rows[index]?.id ?? '',
      timezone: rows[index]?.timezone ?? target.client.timezone,
    })),
  );
  return {
    imported: admissible.length,
    duplicates: batch.length - fresh.length,
    suppressed: fresh.length - admissible.length,
  };
}

type LeadFields = Omit<LeadDraft, 'row' | 'timezone'>;
export type KnownLead = Omit<LeadColumns, 'linkedinProfile'> & { enrolled: boolean };

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

/** Those of these addresses whom the client knows. */
export async function knownLeads(
  sql: Sql,
  target: Pick<ImportTarget, 'campaignId' | 'client'>,
  emails: readonly string[],
): Promise<Map<string, KnownLead>> {
  const rows = await sql<KnownLead>`
    SELECT l.id, l.email, l.first_name AS "firstName", l.last_name AS "lastName", l.title, l.company,
      l.company_domain AS "companyDomain", l.company_size AS "companySize", l.industry, l.phone, l.mobile,
      l.linkedin_url AS "linkedinUrl", l.city, l.state, l.country, l.timezone,
      CASE WHEN l.score_source = 'import' THEN l.score END AS score, -- an import's own replaces a computed one
      l.timezone_source AS "timezoneSource", l.call_timezone AS "callTimezone", l.country_code AS "countryCode",
      l.region_code AS "regionCode", l.unsubscribe_token AS "unsubscribeToken",
      l.field_sources AS "fieldSources",
      EXISTS (SELECT 1 FROM enrollment e WHERE e.lead_id = l.id AND e.campaign_id = ${target.campaignId}::uuid) AS enrolled
    FROM lead l
    WHERE l.client_id = ${target.client.id}::uuid AND l.email = ANY (${emails}::text[])`;
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
  const overruled = existing === undefined ? [] : givingWay(existing.fieldSources, draft);
  // A zone that is known by the headquarters stays, unless the import knows the place better than who told it.
  const stays = existing?.timezoneSource === 'hq' && !overruled.some((field) => placeFields.includes(field));
  const kept = stays ? zoneColumnsOf(existing) : zone;
  return {
    ...fields,
    ...kept,
    id: existing?.id ?? randomUUID(),
    linkedinProfile: fields.linkedinUrl === null ? null : canonical('linkedin', fields.linkedinUrl),
    unsubscribeToken: existing?.unsubscribeToken ?? token,
    fieldSources: withoutSourcesOf(existing?.fieldSources ?? {}, stays ? overruled : [...overruled, 'timezone']),
  };
}

/** The zone follows from them. */
const placeFields: readonly ToldField[] = ['city', 'state', 'country', 'timezone'];

/**
 * New leads as they are stored, with what a provider told of each; in the order in which they are given.
 * A zone that follows from a headquarters that a provider told is told by it too (TIME-2).
 */
export function newLeadColumns(
  target: ImportTarget,
  people: readonly { draft: LeadDraft; told: FieldSources }[],
): LeadColumns[] {
  const zoneOf = rememberedZones(target.client);
  const tokens = newTokens(people.length);
  return people.map(({ draft, told }, index) => {
    const person = { draft, fields: merged(draft, undefined), hashes: [] };
    const columns = columnsOf(person, undefined, { zoneOf, token: tokens[index] ?? '' });
    const by = told.country?.by ?? told.timezone?.by;
    const zone =
      by !== undefined && columns.timezoneSource === 'hq' ? toldBy(by, { timezone: columns.timezone }, target.now) : {};
    return { ...columns, fieldSources: { ...told, ...zone } };
  });
}

/**
 * A known lead with what a provider tells of the fields that were missing; nothing that is known changes.
 * @returns null when it tells nothing new
 */
export function filledColumns(
  target: ImportTarget,
  existing: KnownLead,
  draft: LeadDraft,
  by: string,
): LeadColumns | null {
  const { enrolled: _enrolled, ...known } = existing;
  const isMissing = (name: string, value: unknown): boolean =>
    value !== null && known[name as keyof LeadFields] === null;
  const candidates = Object.entries(
    placeFits(existing, draft) ? draft : { ...draft, city: null, state: null, country: null },
  );
  const filled = Object.fromEntries(
    candidates.filter(([name, value]) => name !== 'score' && name in known && isMissing(name, value)),
  );
  if (Object.keys(filled).length === 0) return null;
  const fields = { ...known, ...filled };
  const stated = existing.timezoneSource === 'hq' ? existing.timezone : null;
  const zone = rememberedZones(target.client)({ ...fields, timezone: stated }, fields.mobile ?? fields.phone);
  const isTold = stated === null && zone.timezoneSource === 'hq';
  const told = toldBy(by, isTold ? { ...filled, timezone: zone.timezone } : filled, target.now);
  return {
    ...fields,
    ...zone,
    linkedinProfile: fields.linkedinUrl === null ? null : canonical('linkedin', fields.linkedinUrl),
    fieldSources: { ...existing.fieldSources, ...told },
  };
}

/** Do they speak of one place, as far as both know it? Then the one completes the other. */
function placeFits(existing: KnownLead, draft: LeadDraft): boolean {
  const same = (one: string | null, other: string | null): boolean =>
    one === null || other === null || one.trim().toLowerCase() === other.trim().toLowerCase();
  const code = draft.country === null ? null : resolveCountry(draft.country);
  return same(existing.city, draft.city) && same(existing.state, draft.state) && same(existing.countryCode, code);
}

function zoneColumnsOf({ timezone, timezoneSource, callTimezone, countryCode, regionCode }: KnownLead) {
  return { timezone, timezoneSource, callTimezone, countryCode, regionCode };
}

/** Unguessable: 192 random bits each (RFC 8058: whoever has the link may unsubscribe). Asked for at once: that is faster. */
function newTokens(count: number): string[] {
  const bytes = randomBytes(24 * count);
  return Array.from({ length: count }, (_, index) => bytes.toString('base64url', 24 * index, 24 * (index + 1)));
}

/**
 * What is known of the lead already stays, unless a provider told it; what was missing, and what the import knows better,
 * comes from the new row.
 */
function merged(draft: LeadDraft, existing: KnownLead | undefined): LeadFields {
  const { row: _row, timezone: _timezone, ...fields } = draft;
  if (existing === undefined) return fields;
  const overruled: readonly string[] = givingWay(existing.fieldSources, draft);
  const filled = Object.entries(fields).map(([name, value]) => {
    return [name, overruled.includes(name) ? value : (existing[name as keyof LeadFields] ?? value)];
  });
  return Object.fromEntries(filled) as LeadFields;
}
