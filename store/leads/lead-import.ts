import { randomBytes, randomUUID } from 'node:crypto';
import type { Database, Transaction } from '../database';
import { enroll, insertLeads, type LeadColumns } from './lead-rows';
import { rememberedZones, type ZoneOf } from './lead-zones';
import type { ImportTarget, LeadDraft } from './lead-draft';
import { leadSuppressionHashes, suppressedAmong } from './suppressions';

export interface ImportCounts {
  imported: number;
  duplicates: number;
  suppressed: number;
}

/** Imports of one client wait for each other; in milliseconds. */
const patience = { timeout: 60_000, maxWait: 30_000 };

/** Rows per transaction: large enough for speed, small enough to hold the client's lock for tens of milliseconds. */
const batchSize = 500;

/**
 * Enrolls leads in a campaign. A lead that is enrolled already, or stands twice in the list, is a duplicate and is not
 * changed; a known lead gets an enrollment and the fields that were missing.
 */
export async function importLeads(
  database: Database,
  target: ImportTarget,
  drafts: readonly LeadDraft[],
): Promise<ImportCounts> {
  const firsts = new Map<string, LeadDraft>();
  for (const draft of drafts) if (!firsts.has(draft.email)) firsts.set(draft.email, draft);
  const counts = { imported: 0, duplicates: drafts.length - firsts.size, suppressed: 0 };
  const unique = [...firsts.values()];
  const zoneOf = rememberedZones(target.client);
  for (let start = 0; start < unique.length; start += batchSize) {
    const batch = unique.slice(start, start + batchSize);
    const result = await database.$transaction((tx) => importBatch(tx, target, batch, zoneOf), patience);
    counts.imported += result.imported;
    counts.duplicates += result.duplicates;
    counts.suppressed += result.suppressed;
  }
  return counts;
}

async function importBatch(
  tx: Transaction,
  target: ImportTarget,
  batch: readonly LeadDraft[],
  zoneOf: ZoneOf,
): Promise<ImportCounts> {
  const { client } = target;
  // One import of a client at a time: two uploads of the same file must not count the same lead twice.
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${client.id}, 0))::text`;
  const known = await knownLeads(tx, target, batch);
  const fresh = batch.filter((draft) => !known.get(draft.email)?.enrolled);
  const admissible = await withoutSuppressed(tx, target, fresh, known);
  const leadIds = await storeLeads(tx, target, admissible, known, zoneOf);
  await enroll(
    tx,
    target,
    admissible.map((draft) => ({ row: draft.row, leadId: leadIds.get(draft.email) ?? missing() })),
  );
  return {
    imported: admissible.length,
    duplicates: batch.length - fresh.length,
    suppressed: fresh.length - admissible.length,
  };
}

type KnownLead = Awaited<ReturnType<typeof readKnown>>[number] & { enrolled: boolean };

const readKnown = (tx: Transaction, target: ImportTarget, emails: string[]) =>
  tx.lead.findMany({
    where: { clientId: target.client.id, email: { in: emails } },
    include: { enrollments: { where: { campaignId: target.campaignId }, select: { id: true } } },
  });

async function knownLeads(
  tx: Transaction,
  target: ImportTarget,
  batch: readonly LeadDraft[],
): Promise<Map<string, KnownLead>> {
  const leads = await readKnown(
    tx,
    target,
    batch.map((draft) => draft.email),
  );
  return new Map(leads.map((lead) => [lead.email, { ...lead, enrolled: lead.enrollments.length > 0 }]));
}

/** SEQ-5, CTL-3: suppressed people are not enrolled, under whichever of their addresses or numbers. */
async function withoutSuppressed(
  tx: Transaction,
  target: ImportTarget,
  drafts: readonly LeadDraft[],
  known: ReadonlyMap<string, KnownLead>,
): Promise<LeadDraft[]> {
  const hashed = drafts.map((draft) => ({
    draft,
    hashes: leadSuppressionHashes(target.secretKey, merged(draft, known.get(draft.email))),
  }));
  const blocked = await suppressedAmong(
    tx,
    target.client.id,
    hashed.flatMap((entry) => entry.hashes),
  );
  return hashed.filter((entry) => !entry.hashes.some((hash) => blocked.has(hash))).map((entry) => entry.draft);
}

async function storeLeads(
  tx: Transaction,
  target: ImportTarget,
  drafts: readonly LeadDraft[],
  known: ReadonlyMap<string, KnownLead>,
  zoneOf: ZoneOf,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const created: LeadColumns[] = [];
  for (const draft of drafts) {
    const existing = known.get(draft.email);
    const id = existing?.id ?? randomUUID();
    ids.set(draft.email, id);
    const fields = merged(draft, existing);
    const zone = zoneOf({ ...fields, timezone: draft.timezone });
    if (existing === undefined) created.push({ ...fields, ...zone, id, unsubscribeToken: newToken() });
    // A zone that is known by the headquarters stays.
    else
      await tx.lead.update({ where: { id }, data: existing.timezoneSource === 'hq' ? fields : { ...fields, ...zone } });
  }
  await insertLeads(tx, target, created);
  return ids;
}

/** Unguessable: 192 random bits (RFC 8058: whoever has the link may unsubscribe). */
const newToken = (): string => randomBytes(24).toString('base64url');

/** What is known of the lead already stays; what was missing comes from the new row. */
function merged(draft: LeadDraft, existing: KnownLead | undefined): Omit<LeadDraft, 'row' | 'timezone'> {
  const { row: _row, timezone: _timezone, ...fields } = draft;
  if (existing === undefined) return fields;
  const filled = Object.entries(fields).map(([name, value]) => [name, existing[name as keyof typeof fields] ?? value]);
  return Object.fromEntries(filled) as typeof fields;
}

function missing(): never {
  throw new Error('an imported lead has no id');
}
