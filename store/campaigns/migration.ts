import { channelNamed } from '../../domain/channels';
import { planMigration, type MigrationPlan, type StepBehind } from '../../domain/migration';
import type { SequenceStep } from '../../domain/sequence';
import { releaseTouches } from '../capacity/release';
import { transact, type Database } from '../database';
import { oneImportAtATime } from '../leads/lead-import';
import { oweWakeUps } from '../outbox/outbox';
import type { Sql } from '../sql';
import { sequenceOf, writeSequence } from './campaign-steps';
import { closeTurnstile } from './moves-lock';
import { writePlans, type PlannedMove } from './migration-rows';

/** How the leads of a campaign stand to a move to the default sequence. */
export interface MigrationSummary {
  /** Those that move, or that just did. */
  moved: number;
  /** Of these, those for whom nothing of the default sequence is left: they complete. */
  withoutNextStep: number;
  /** On the default sequence already. */
  alreadyThere: number;
  /** At the end of the sequence that they had; they stay there. */
  completed: number;
  stopped: number;
  /** Stopped leads by reason. */
  stops: Record<string, number>;
}

/** A lead with what the rule of the move wants to know. */
interface LeadToMove {
  enrollmentId: string;
  status: 'waiting' | 'active' | 'completed' | 'stopped';
  stopReason: string | null;
  fromStep: number;
  moved: boolean;
  behind: (Omit<StepBehind, 'channel'> & { channel: string })[];
}

/** A campaign that is asked about a move: its own steps, and whether it has moved. */
export interface CampaignToMove {
  id: string;
  clientId: string;
  usesDefaultSequence: boolean;
  sequence: readonly SequenceStep[];
}

/** What a move would do, without doing anything: the sequence to come, and how many leads it moves (MIG-2). */
export async function previewCampaign(
  database: Database,
  campaign: CampaignToMove,
): Promise<{ sequence: SequenceStep[]; summary: MigrationSummary }> {
  const sequence = campaign.usesDefaultSequence
    ? [...campaign.sequence]
    : await sequenceOf(database, campaign.clientId);
  const leads = await readLeads(database.sql, campaign.id);
  const moves = campaign.usesDefaultSequence ? [] : movesOf(leads, campaign.sequence, sequence);
  return { sequence, summary: summaryOf(leads, moves, sequence) };
}

/** A campaign that cannot move, with a sentence for the user that says why. */
export class MoveRefused extends Error {
  override readonly name = 'MoveRefused';
}

export const nothingToMove = 'The campaign is completed; none of its leads is under way, so nothing can move.';
const nothingToMoveTo = 'The client has no channel yet, so there is no sequence to move to. Register a sender first.';

/**
 * MIG-2: moves a campaign and every open lead of it to the default sequence, in one transaction: the steps, where each lead
 * goes on, the timeline, and the wake-ups that are owed. What was booked for an old step is released; a touch that is on
 * its way is left to its step. Asked twice it moves once.
 * @throws MoveRefused when the campaign is completed, or the client has no channel
 */
export async function migrateCampaign(
  database: Database,
  campaign: { id: string; clientId: string },
  now: Date,
): Promise<MigrationSummary> {
  const sequence = await sequenceOf(database, campaign.clientId);
  return transact(database, (sql) => migrate(sql, campaign, sequence, now));
}

async function migrate(
  sql: Sql,
  campaign: { id: string; clientId: string },
  sequence: readonly SequenceStep[],
  now: Date,
): Promise<MigrationSummary> {
  // Nobody is imported meanwhile; and enrollments come before their campaign in the order of locks.
  await oneImportAtATime(sql, campaign.clientId);
  const locked = await lockOpen(sql, campaign.id);
  await closeTurnstile(sql, campaign.id);
  const [state] = await sql<{ status: string; usesDefaultSequence: boolean }>`
    SELECT status, uses_default_sequence AS "usesDefaultSequence" FROM campaign
    WHERE id = ${campaign.id}::uuid AND client_id = ${campaign.clientId}::uuid FOR NO KEY UPDATE`;
  if (state === undefined || state.status === 'completed') throw new MoveRefused(nothingToMove);
  const leads = await readLeads(sql, campaign.id);
  if (state.usesDefaultSequence) return summaryOf(leads, [], sequence);
  if (sequence.length === 0) throw new MoveRefused(nothingToMoveTo);
  const open = leads.filter(({ enrollmentId }) => locked.has(enrollmentId));
  const moves = movesOf(open, await ownSteps(sql, campaign.id), sequence);
  const bookedBefore = await sql<{ id: string }>`
    SELECT id FROM touch WHERE campaign_id = ${campaign.id}::uuid AND status = 'planned' ORDER BY id FOR NO KEY UPDATE`;
  await releaseTouches(
    sql,
    bookedBefore.map(({ id }) => id),
  );
  await writePlans(sql, campaign, { moves, sequence }, now);
  await writeSequence(sql, campaign, sequence);
  await sql`UPDATE campaign SET uses_default_sequence = true WHERE id = ${campaign.id}::uuid`;
  await oweWakeUps(sql, campaign.id, now);
  return summaryOf(leads, moves, sequence);
}

async function lockOpen(sql: Sql, campaignId: string): Promise<Set<string>> {
  const rows = await sql<{ id: string }>`
    SELECT id FROM enrollment WHERE campaign_id = ${campaignId}::uuid AND status IN ('waiting', 'active')
    ORDER BY id FOR NO KEY UPDATE`;
  return new Set(rows.map((row) => row.id));
}

async function ownSteps(sql: Sql, campaignId: string): Promise<SequenceStep[]> {
  const rows = await sql<Omit<SequenceStep, 'channel' | 'replaces'> & { channel: string }>`
    SELECT step, day, channel, purpose FROM campaign_step WHERE campaign_id = ${campaignId}::uuid ORDER BY step`;
  return rows.map((row) => ({ ...row, channel: channelNamed(row.channel), replaces: null }));
}

async function readLeads(sql: Sql, campaignId: string): Promise<LeadToMove[]> {
  return sql<LeadToMove>`
    SELECT e.id AS "enrollmentId", e.status, e.stop_reason AS "stopReason", e.from_step AS "fromStep",
      e.moved_at IS NOT NULL AS moved, coalesce(b.behind, '[]') AS behind
    FROM enrollment e LEFT JOIN LATERAL (
      SELECT json_agg(json_build_object('step', d.step, 'channel', d.channel, 'reached', d.reached) ORDER BY d.step) AS behind
      FROM (
        SELECT t.step, t.channel, t.status IN ('sending', 'sent', 'uncertain') AS reached
        FROM touch t WHERE t.enrollment_id = e.id AND t.status <> 'planned'
        UNION ALL
        SELECT f.step, f.channel, true FROM finished_step f WHERE f.enrollment_id = e.id
      ) AS d
    ) AS b ON true
    WHERE e.campaign_id = ${campaignId}::uuid ORDER BY e.id`;
}

const isOpen = ({ status }: LeadToMove): boolean => status === 'waiting' || status === 'active';

function movesOf(
  leads: readonly LeadToMove[],
  own: readonly SequenceStep[],
  sequence: readonly SequenceStep[],
): PlannedMove[] {
  return leads.filter(isOpen).map(({ enrollmentId, fromStep, behind }) => {
    const steps = behind.map((step) => ({ ...step, channel: channelNamed(step.channel) }));
    const plan: MigrationPlan = planMigration({ own, behind: steps, passed: fromStep - 1 }, sequence);
    return { enrollmentId, plan };
  });
}

function summaryOf(
  leads: readonly LeadToMove[],
  moves: readonly PlannedMove[],
  sequence: readonly SequenceStep[],
): MigrationSummary {
  const stopped = leads.filter(({ status }) => status === 'stopped');
  const stops: Record<string, number> = {};
  for (const { stopReason } of stopped) stops[stopReason ?? 'stopped'] = (stops[stopReason ?? 'stopped'] ?? 0) + 1;
  const isDone = ({ plan }: PlannedMove): boolean => plan.behind.length + plan.had.length === sequence.length;
  return {
    moved: moves.length,
    withoutNextStep: moves.filter(isDone).length,
    alreadyThere: leads.filter(isOpen).length - moves.length,
    completed: leads.filter(({ status }) => status === 'completed').length,
    stopped: stopped.length,
    stops,
  };
}
