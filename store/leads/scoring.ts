import { isDeepStrictEqual } from 'node:util';
import { accessTier } from '../../domain/access';
import { scoreOf, type Score } from '../../domain/score';
import { transact, type Database } from '../database';
import { tell } from '../enrollments/timeline';
import { oweWakeUpsOf } from '../outbox/outbox';
import { json, type Sql } from '../sql';
import { lockScorable } from './score-facts';

/** What scoring changed. */
export interface Rescored {
  /** Leads whose score is another one now. */
  leadIds: string[];
  /** Wake-ups that are owed to their workflows: a channel may have closed or opened. */
  outboxIds: string[];
}

/** Leads per transaction. */
const batchSize = 100;

/**
 * Computes the score of these leads from what is known now, with its parts (ACC-3). A score that an import gave stays. Where
 * the score changes, waiting enrollments move in the order of admission (ACC-2), the timeline tells, and active leads are
 * owed a wake-up; the gate reads the new score from the commit on (ACC-1). Ids of other clients' leads are passed over.
 */
export function rescoreLeads(
  database: Database,
  leads: { clientId: string; leadIds: readonly string[] },
  now: Date,
): Promise<Rescored> {
  return rescoreInBatches(database, leads, 'all', now);
}

/** The same for those of them that have a computed score already: their facts may have changed. */
export function rescoreComputed(
  database: Database,
  leads: { clientId: string; leadIds: readonly string[] },
  now: Date,
): Promise<Rescored> {
  return rescoreInBatches(database, leads, 'computed', now);
}

/**
 * The same for everyone with a computed score who is in an open sequence of a campaign, or of any campaign of the client:
 * whom it targets, or who competes with the client, has changed.
 */
export async function rescoreOpen(
  database: Database,
  { clientId, campaignId }: { clientId: string; campaignId?: string },
  now: Date,
): Promise<Rescored> {
  const open = await database.sql<{ id: string }>`
    SELECT l.id FROM lead l
    WHERE l.client_id = ${clientId}::uuid AND l.score_source = 'computed' AND EXISTS (
      SELECT 1 FROM enrollment e WHERE e.lead_id = l.id AND e.status IN ('waiting', 'active')
        AND (${campaignId ?? null}::uuid IS NULL OR e.campaign_id = ${campaignId ?? null}::uuid))`;
  return rescoreComputed(database, { clientId, leadIds: open.map(({ id }) => id) }, now);
}

async function rescoreInBatches(
  database: Database,
  { clientId, leadIds }: { clientId: string; leadIds: readonly string[] },
  which: 'computed' | 'all',
  now: Date,
): Promise<Rescored> {
  const all: Rescored = { leadIds: [], outboxIds: [] };
  const ids = [...new Set(leadIds)].sort();
  for (let from = 0; from < ids.length; from += batchSize) {
    const batch = { clientId, leadIds: ids.slice(from, from + batchSize) };
    const done = await transact(database, (sql) => rescoreIn(sql, batch, which, now));
    all.leadIds.push(...done.leadIds);
    all.outboxIds.push(...done.outboxIds);
  }
  return all;
}

/** The same in the caller's transaction. It waits for nothing but the leads' own locks. */
export async function rescoreIn(
  sql: Sql,
  leads: { clientId: string; leadIds: readonly string[] },
  which: 'computed' | 'all',
  now: Date,
): Promise<Rescored> {
  const scorable = await lockScorable(sql, leads, which, now);
  const scored = scorable.map((lead) => ({ lead, score: scoreOf(lead.facts, lead.context) }));
  const changed = scored.filter(({ lead, score }) => !isDeepStrictEqual(score.parts, lead.parts));
  await writeScores(
    sql,
    changed.map(({ lead, score }) => ({ id: lead.id, total: score.total, parts: score.parts })),
  );
  const moved = changed.filter(({ lead, score }) => score.total !== lead.score);
  const before = new Map(moved.map(({ lead, score }): [string, Change] => [lead.id, { score, before: lead.score }]));
  return { leadIds: [...before.keys()], outboxIds: await tellOpen(sql, before, now) };
}

/** The lead's score, and its place among those who wait; whoever is being admitted just now needs none. */
async function writeScores(sql: Sql, scores: readonly { id: string; total: number; parts: unknown }[]): Promise<void> {
  if (scores.length === 0) return;
  await sql`
    UPDATE lead l SET score = r.total, score_source = 'computed', score_parts = r.parts
    FROM jsonb_to_recordset(${json(scores)}::jsonb) AS r(id uuid, total int, parts jsonb) WHERE l.id = r.id`;
  await sql`
    WITH moved AS (
      SELECT e.id, -l.score AS rank FROM lead l JOIN enrollment e ON e.lead_id = l.id
      WHERE l.id = ANY (${scores.map(({ id }) => id)}::uuid[]) AND e.status = 'waiting' AND e.rank <> -l.score
      FOR NO KEY UPDATE OF e SKIP LOCKED
    )
    UPDATE enrollment e SET rank = moved.rank FROM moved WHERE e.id = moved.id`;
}

interface Change {
  score: Score;
  before: number | null;
}

/** Tells the change in every open sequence, and owes active ones a wake-up. @returns what is owed */
async function tellOpen(sql: Sql, changes: ReadonlyMap<string, Change>, now: Date): Promise<string[]> {
  if (changes.size === 0) return [];
  const open = await sql<{ clientId: string; enrollmentId: string; leadId: string; isActive: boolean }>`
    SELECT client_id AS "clientId", id AS "enrollmentId", lead_id AS "leadId", status = 'active' AS "isActive"
    FROM enrollment WHERE lead_id = ANY (${[...changes.keys()]}::uuid[]) AND status IN ('waiting', 'active') ORDER BY id`;
  const entries = open.flatMap(({ clientId, enrollmentId, leadId }) => {
    const change = changes.get(leadId);
    if (change === undefined) return [];
    const { reason, rule, numbers } = because(change);
    return [{ clientId, enrollmentId, at: now, what: 'scored' as const, reason, rule, numbers }];
  });
  await tell(sql, ...entries);
  const active = open.filter(({ isActive }) => isActive);
  return oweWakeUpsOf(
    sql,
    active.map(({ enrollmentId }) => enrollmentId),
    now,
  );
}

function because({ score, before }: Change) {
  const tier = accessTier(score.total).name;
  const points = Object.fromEntries(score.parts.map(({ part, points: given }) => [part, given]));
  const numbers = Object.assign({ score: score.total, before, tier }, points);
  return { reason: `the score is ${score.total} (${tier})`, rule: 'ACC-3', numbers };
}
