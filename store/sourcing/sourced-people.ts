import { createHmac } from 'node:crypto';
import { canonical } from '../../domain/canonical';
import type { CampaignStatus } from '../../domain/campaign-moves';
import type { Targeting } from '../campaigns/campaigns';
import { keepOpen } from '../campaigns/moves-lock';
import { transact, type Database } from '../database';
import { tell } from '../enrollments/timeline';
import { toldBy } from '../leads/field-sources';
import type { ImportTarget, LeadDraft } from '../leads/lead-draft';
import { newLeadColumns } from '../leads/lead-import';
import { enroll, writeLeads } from '../leads/lead-rows';
import { rescoreIn } from '../leads/scoring';
import { leadSuppressionHashes, suppressedAmong, suppressionHash } from '../leads/suppressions';
import { json, type Sql } from '../sql';

/** What became of somebody whom a search found. */
export type SourcedOutcome = 'imported' | 'known' | 'suppressed' | 'no_email' | 'refused';

/** A campaign as sourcing needs it. */
export interface SourcingCampaign {
  status: CampaignStatus;
  targeting: Partial<Targeting>;
  client: ImportTarget['client'];
}

/** @throws Error when there is no such campaign */
export async function readSourcingCampaign(sql: Sql, campaignId: string): Promise<SourcingCampaign> {
  const [row] = await sql<{ status: CampaignStatus; targeting: Targeting } & ImportTarget['client']>`
    SELECT k.status, k.targeting, c.id, c.timezone, c.country
    FROM campaign k JOIN client c ON c.id = k.client_id WHERE k.id = ${campaignId}::uuid`;
  if (row === undefined) throw new Error(`no campaign ${campaignId}`);
  const { status, targeting, ...client } = row;
  return { status, targeting, client };
}

/** What a request has brought so far, whoever worked on it. */
export async function sourcedSoFar(
  sql: Sql,
  { campaignId, requestKey }: { campaignId: string; requestKey: string },
): Promise<{ imported: number; credits: number }> {
  const [row] = await sql<{ imported: number; credits: number }>`
    SELECT count(*) FILTER (WHERE outcome = 'imported')::int AS imported, coalesce(sum(credits), 0)::int AS credits
    FROM sourced_person WHERE campaign_id = ${campaignId}::uuid AND request_key = ${requestKey}`;
  return row ?? { imported: 0, credits: 0 };
}

/** Somebody on a search's page, as far as the search tells. */
export interface FoundCandidate {
  id: string;
  email: string | null;
  linkedinUrl: string | null;
  companyDomain: string | null;
}

export interface SourceRun {
  provider: string;
  requestKey: string;
  /** New leads at most, of all calls under this key. */
  wanted: number;
}

/**
 * Whom it makes sense to pay for: nobody who was found before, whom the client knows already, or who is suppressed, as far
 * as what the search tells shows it. The last two are noted, so that they are not looked at again.
 * @returns the ids of the others
 */
export async function screenFound(
  database: Database,
  target: ImportTarget,
  run: SourceRun,
  people: readonly FoundCandidate[],
): Promise<Set<string>> {
  const { client, secretKey } = target;
  const hashed = people.map((person) => ({ person, personHash: personHash(secretKey, run.provider, person.id) }));
  return transact(database, async (sql) => {
    const before = await sql<{ hash: string }>`
      SELECT person_hash AS hash FROM sourced_person
      WHERE client_id = ${client.id}::uuid AND provider = ${run.provider}
        AND person_hash = ANY (${hashed.map((one) => one.personHash)}::text[])`;
    const seen = new Set(before.map(({ hash }) => hash));
    const fresh = hashed.filter((one) => !seen.has(one.personHash));
    const known = await knownTo(
      sql,
      client.id,
      fresh.map(({ person }) => person),
    );
    const blocked = await suppressedAmong(
      sql,
      client.id,
      fresh.flatMap(({ person }) => candidateHashes(secretKey, person)),
    );
    const outcomeOf = (person: FoundCandidate): SourcedOutcome | null => {
      if (known(person)) return 'known';
      return candidateHashes(secretKey, person).some((hash) => blocked.has(hash)) ? 'suppressed' : null;
    };
    const judged = fresh.map((one) => ({
      id: one.person.id,
      personHash: one.personHash,
      outcome: outcomeOf(one.person),
    }));
    const settled = judged.flatMap(({ outcome, ...one }) => (outcome === null ? [] : [{ ...one, outcome }]));
    await note(
      sql,
      target,
      run,
      settled.map((one) => ({ ...one, leadId: null, credits: 0 })),
    );
    return new Set(judged.flatMap(({ id, outcome }) => (outcome === null ? [id] : [])));
  });
}

const personHash = (secretKey: string, provider: string, id: string): string =>
  createHmac('sha256', secretKey).update(`person\n${provider}\n${id}`).digest('hex');

function candidateHashes(secretKey: string, { email, linkedinUrl, companyDomain }: FoundCandidate): string[] {
  const person = { companyDomain, phone: null, mobile: null, linkedinUrl };
  if (email !== null) return leadSuppressionHashes(secretKey, { ...person, email });
  // Without an address the hashes of its own domain would be of nothing.
  return [
    ...(companyDomain === null ? [] : [suppressionHash(secretKey, 'domain', companyDomain)]),
    ...(linkedinUrl === null ? [] : [suppressionHash(secretKey, 'linkedin', linkedinUrl)]),
  ];
}

interface Identifiers {
  email: string | null;
  linkedinUrl: string | null;
  mobile?: string | null;
}

/** Is somebody a lead of the client already, in whichever campaign, by address, profile or mobile (OWN-4)? */
async function knownTo(
  sql: Sql,
  clientId: string,
  people: readonly Identifiers[],
): Promise<(person: Identifiers) => boolean> {
  const keys = people.map(keysOf);
  const rows = await sql<{ email: string; profile: string | null; mobile: string | null }>`
    SELECT email, linkedin_profile AS profile, mobile FROM lead
    WHERE client_id = ${clientId}::uuid AND (email = ANY (${keys.flatMap((key) => key.email ?? [])}::text[])
      OR linkedin_profile = ANY (${keys.flatMap((key) => key.profile ?? [])}::text[])
      OR mobile = ANY (${keys.flatMap((key) => key.mobile ?? [])}::text[]))`;
  const found = new Set(rows.flatMap(({ email, profile, mobile }) => [email, profile, mobile]));
  return (person) => Object.values(keysOf(person)).some((key) => key !== null && found.has(key));
}

const keysOf = ({ email, linkedinUrl, mobile = null }: Identifiers) => ({
  email: email === null ? null : canonical('email', email),
  profile: linkedinUrl === null ? null : canonical('linkedin', linkedinUrl),
  mobile,
});

/** Somebody who was found and, where it needed that, paid for. */
export interface SourcedPerson {
  id: string;
  /** Checked and normalised; null: of no use. */
  draft: LeadDraft | null;
  /** Why it is of no use. */
  refusal: 'no_email' | 'refused' | null;
  /** Who told what is known: a provider's name, and its credits. */
  foundCredits: number;
  enriched: { by: string; credits: number } | null;
}

export interface SourcedCounts {
  imported: number;
  credits: number;
  /** How many more are wanted under this key. */
  left: number;
}

/**
 * Enrols found people like those of an import, in one transaction with the note that they were found. Whoever is a lead
 * of the client already, in whichever campaign, is not touched; nor is anybody who is suppressed.
 * @throws CampaignCompleted
 */
export async function importSourced(
  database: Database,
  target: ImportTarget,
  run: SourceRun,
  people: readonly SourcedPerson[],
): Promise<SourcedCounts> {
  return transact(database, async (sql) => {
    // As imports do: one at a time for a client, or two could bring the same person.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${target.client.id}, 0))`;
    await keepOpen(sql, target.campaignId);
    const { campaignId } = target;
    const before = await sourcedSoFar(sql, { campaignId, requestKey: run.requestKey });
    const judged = upTo(run.wanted - before.imported, await judge(sql, target, people));
    const imported = judged.flatMap(({ person, outcome }) =>
      outcome === 'imported' && person.draft !== null ? [{ person, draft: person.draft }] : [],
    );
    const leads = newLeadColumns(
      target,
      imported.map(({ person, draft }) => ({
        draft,
        told: toldBy(person.enriched?.by ?? run.provider, draftFields(draft), target.now),
      })),
    );
    await writeLeads(sql, target, leads);
    const entries = leads.map((lead, index) => ({ lead, person: imported[index]?.person }));
    await enroll(
      sql,
      target,
      leads.map(({ id, score }, row) => ({ row, leadId: id, score, numbers: foundNumbers(run, entries[row]?.person) })),
      { what: 'sourced', reason: `found by ${run.provider}` },
    );
    await tellEnriched(sql, target, entries);
    const scored = { clientId: target.client.id, leadIds: leads.map(({ id }) => id) };
    await rescoreIn(sql, scored, 'all', target.now);
    await noteEnriched(
      sql,
      entries.flatMap(({ lead, person }) => (person?.enriched ? [lead.id] : [])),
      target.now,
    );
    const leadIds = new Map(entries.map(({ lead, person }) => [person?.id, lead.id]));
    const noted = judged.map(({ person, outcome }) => ({
      personHash: personHash(target.secretKey, run.provider, person.id),
      outcome,
      leadId: leadIds.get(person.id) ?? null,
      credits: creditsOf(person),
    }));
    await note(sql, target, run, noted);
    const credits = noted.reduce((sum, one) => sum + one.credits, 0);
    return { imported: leads.length, credits, left: run.wanted - before.imported - leads.length };
  });
}

/** Whoever comes after the last one who is wanted is not noted: another request may want them. */
function upTo<T extends { outcome: SourcedOutcome }>(wanted: number, judged: readonly T[]): T[] {
  let left = wanted;
  return judged.filter(({ outcome }) => outcome !== 'imported' || (left -= 1) >= 0);
}

const creditsOf = ({ foundCredits, enriched }: SourcedPerson): number => foundCredits + (enriched?.credits ?? 0);

const foundNumbers = ({ provider }: SourceRun, person: SourcedPerson | undefined) => ({
  provider,
  credits: person?.foundCredits ?? 0,
});

/** Without the row, which is no fact about a person. */
function draftFields({ row: _row, ...fields }: LeadDraft): Omit<LeadDraft, 'row'> {
  return fields;
}

async function judge(
  sql: Sql,
  target: ImportTarget,
  people: readonly SourcedPerson[],
): Promise<{ person: SourcedPerson; outcome: SourcedOutcome }[]> {
  const drafts = people.flatMap(({ draft }) => draft ?? []);
  const known = await knownTo(sql, target.client.id, drafts);
  const hashes = new Map(drafts.map((draft) => [draft, leadSuppressionHashes(target.secretKey, draft)]));
  const blocked = await suppressedAmong(sql, target.client.id, [...hashes.values()].flat());
  const taken = new Set<string>();
  const isTwice = (draft: LeadDraft): boolean => {
    const keys = Object.values(keysOf(draft)).filter((key) => key !== null);
    const before = keys.some((key) => taken.has(key));
    for (const key of keys) taken.add(key);
    return before;
  };
  return people.map((person) => {
    const { draft, refusal } = person;
    if (draft === null) return { person, outcome: refusal ?? 'refused' };
    if (hashes.get(draft)?.some((hash) => blocked.has(hash))) return { person, outcome: 'suppressed' };
    return { person, outcome: known(draft) || isTwice(draft) ? 'known' : 'imported' };
  });
}

/** TRUTH-3: what the enrichment told of each, and what it cost. */
async function tellEnriched(
  sql: Sql,
  { campaignId, client, now }: ImportTarget,
  entries: readonly {
    lead: { id: string; fieldSources: object; timezoneSource: string };
    person: SourcedPerson | undefined;
  }[],
): Promise<void> {
  const enriched = entries.flatMap(({ lead, person }) =>
    person?.enriched ? [{ lead, enriched: person.enriched }] : [],
  );
  if (enriched.length === 0) return;
  const rows = await sql<{ id: string; leadId: string }>`
    SELECT id, lead_id AS "leadId" FROM enrollment
    WHERE campaign_id = ${campaignId}::uuid AND lead_id = ANY (${enriched.map(({ lead }) => lead.id)}::uuid[])`;
  const enrollments = new Map(rows.map(({ id, leadId }) => [leadId, id]));
  const told = enriched.map(({ lead, enriched: { by, credits } }) => ({
    clientId: client.id,
    enrollmentId: enrollments.get(lead.id) ?? '',
    at: now,
    what: 'enriched' as const,
    reason: `enriched by ${by}`,
    rule: 'TIME-2',
    numbers: {
      provider: by,
      credits,
      fields: Object.keys(lead.fieldSources).sort().join(', '),
      timezoneSource: lead.timezoneSource,
    },
  }));
  await tell(sql, ...told);
}

/** An enrichment was asked about them. */
export async function noteEnriched(sql: Sql, leadIds: readonly string[], now: Date): Promise<void> {
  if (leadIds.length === 0) return;
  await sql`UPDATE lead SET enriched_at = ${now} WHERE id = ANY (${leadIds}::uuid[])`;
}

interface Noted {
  personHash: string;
  outcome: SourcedOutcome;
  leadId: string | null;
  credits: number;
}

/** Somebody whom two searches find at the same time is noted once. */
async function note(sql: Sql, target: ImportTarget, run: SourceRun, people: readonly Noted[]): Promise<void> {
  if (people.length === 0) return;
  const { client, campaignId, now } = target;
  await sql`
    INSERT INTO sourced_person (client_id, provider, person_hash, campaign_id, request_key, outcome, lead_id, credits, found_at)
    SELECT ${client.id}::uuid, ${run.provider}, r."personHash", ${campaignId}::uuid, ${run.requestKey}, r.outcome,
      r."leadId", r.credits, ${now}
    FROM jsonb_to_recordset(${json(people)}::jsonb) AS r("personHash" text, outcome text, "leadId" uuid, credits int)
    ORDER BY r."personHash"
    ON CONFLICT DO NOTHING`;
}
