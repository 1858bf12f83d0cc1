import type { Prisma } from '../../prisma/generated/client';
import { campaignMoves, type CampaignMove, type CampaignStatus } from '../../domain/campaign-moves';
import { channelNamed } from '../../domain/channels';
import type { SequenceStep } from '../../domain/sequence';
import { unbookCampaign } from '../capacity/release';
import { transact, type Database } from '../database';
import { lockFreeWaiting, lockWaiting, stopLocked } from '../enrollments/finish';
import { oweCampaignStart, oweWakeUps } from '../outbox/outbox';
import type { Sql } from '../sql';
import { nextPage, type Page, type PageRequest } from '../paging';
import { requireActiveCampaign } from '../tenants/tier-limits';
import { sequenceOf, writeSequence } from './campaign-steps';
import { closeTurnstile } from './moves-lock';

/** How a campaign ended: counts, and no names (TRUTH-6). */
export interface CampaignSummary {
  /** Leads by how they ended. */
  leads: { completed: number; stopped: number };
  /** Stopped leads by reason. */
  stops: Record<string, number>;
  /** Touches that were sent, or may have been, by channel and step. */
  sent: { step: number; channel: string; count: number }[];
  /** Steps that were skipped or failed. */
  skipped: number;
}

/** CTL-1: whom to reach. */
export interface Targeting {
  industries: string[];
  titles: string[];
  companySizes: string[];
  locations: string[];
  /** Free text from onboarding. */
  icpRefinements: string;
}

export interface CampaignRecord {
  id: string;
  name: string;
  description: string;
  targeting: Targeting;
  status: CampaignStatus;
  usesDefaultSequence: boolean;
  /** What an imported campaign is called where it comes from. */
  externalId: string | null;
  sequence: SequenceStep[];
  /** HLTH-2; null: its texts want no review. */
  contentFlaggedAt: Date | null;
  createdAt: Date;
  activatedAt: Date | null;
  completedAt: Date | null;
  /** How it ended, when it completed by itself. */
  summary: CampaignSummary | null;
}

export async function createCampaign(
  database: Database,
  campaign: { clientId: string; name: string; description: string; targeting: Targeting; now: Date },
): Promise<CampaignRecord> {
  const { now, targeting, ...rest } = campaign;
  const { clientId } = rest;
  const sequence = await sequenceOf(database, clientId);
  const steps = { create: sequence };
  const data = { ...rest, targeting: { ...targeting }, createdAt: now, steps };
  return record(await database.campaign.create({ data, include: withSteps }));
}

export async function listCampaigns(
  database: Database,
  clientId: string,
  page: PageRequest,
): Promise<Page<CampaignRecord>> {
  const rows = await database.campaign.findMany({
    where: { clientId },
    include: withSteps,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: page.limit + 1,
    ...(page.after === null ? {} : { cursor: { id: page.after }, skip: 1 }),
  });
  return nextPage(rows.map(record), page.limit, (row) => row.id);
}

export async function readCampaign(database: Database, clientId: string, id: string): Promise<CampaignRecord | null> {
  const row = await database.campaign.findFirst({ where: { id, clientId }, include: withSteps });
  return row === null ? null : record(row);
}

/** A campaign as its workflow's activities know it: whose, how it stands, and the calendar that its limits count on. */
export interface RunningCampaign {
  clientId: string;
  status: CampaignStatus;
  clientTimezone: string;
}

/** @throws Error when there is no such campaign */
export async function readRunningCampaign(sql: Sql, id: string): Promise<RunningCampaign> {
  const [row] = await sql<RunningCampaign>`
    SELECT k.client_id AS "clientId", k.status, c.timezone AS "clientTimezone"
    FROM campaign k JOIN client c ON c.id = k.client_id WHERE k.id = ${id}::uuid`;
  if (row === undefined) throw new Error(`no campaign ${id}`);
  return row;
}

/** Changes what the user may change (CTL-1); of the targeting, the parts that are given. */
export async function updateCampaign(
  database: Database,
  campaign: CampaignRecord,
  changes: { name?: string; description?: string; targeting?: Partial<Targeting> },
): Promise<CampaignRecord> {
  const { targeting, ...rest } = changes;
  const data = { ...rest, ...(targeting === undefined ? {} : { targeting: { ...campaign.targeting, ...targeting } }) };
  return record(await database.campaign.update({ where: { id: campaign.id }, data, include: withSteps }));
}

/** HLTH-2: somebody reviewed the texts of a campaign. @returns false when the client has no such campaign */
export async function markContentReviewed(
  database: Database,
  of: { clientId: string; id: string },
  now: Date,
): Promise<boolean> {
  const data = { contentFlaggedAt: null, contentReviewedAt: now };
  const { count } = await database.campaign.updateMany({ where: of, data });
  return count > 0;
}

/** What a move did. */
export interface Moved {
  /** Did the state allow it? Of two requests at once only one moves it. */
  moved: boolean;
  /** What is owed to the campaign's workflow. */
  outboxIds: string[];
}

/**
 * Moves a campaign's state, with everything that follows from it, in one transaction. A pause takes every booking back
 * (TRUTH-4). Resume and complete owe each lead a wake-up, and a completed campaign's waiting leads end with it. Activation
 * generates the sequence anew, from the channels that the client has by now (SEQ-6), unless the campaign has its own
 * (MIG-1). Each move owes the campaign its workflow, which looks at the facts when it is told, and is started when it does
 * not run: so nobody is forgotten when Temporal is away, or when whoever moves it dies right after.
 * @throws TierExceeded when the client has as many active campaigns as its tier allows
 */
export async function moveCampaign(
  database: Database,
  campaign: { clientId: string; id: string },
  move: CampaignMove,
  now: Date,
): Promise<Moved> {
  const sequence = move === 'activate' ? await sequenceOf(database, campaign.clientId) : [];
  return transact(database, async (sql) => {
    // Enrollments come before their campaign in the order of locks.
    if (move === 'complete') await lockWaiting(sql, campaign.id);
    return moveLocked(sql, campaign, { move, sequence }, now);
  });
}

/** A move, and the sequence that an activation writes. */
interface MoveWith {
  move: CampaignMove;
  sequence: readonly SequenceStep[];
}

/** The same inside the caller's transaction, which has locked the waiting leads. */
export async function moveLocked(
  sql: Sql,
  campaign: { clientId: string; id: string },
  { move, sequence }: MoveWith,
  now: Date,
): Promise<Moved> {
  const { from, to } = campaignMoves[move];
  const { clientId, id } = campaign;
  await closeTurnstile(sql, id);
  const mayMove = await sql`
    SELECT 1 FROM campaign WHERE id = ${id}::uuid AND client_id = ${clientId}::uuid
      AND status = ANY (${from}::"CampaignStatus"[])`;
  if (to === 'active' && mayMove.length > 0) await requireActiveCampaign(sql, clientId);
  const [moved] = await sql<{ usesDefaultSequence: boolean }>`
    UPDATE campaign SET status = ${to}::"CampaignStatus",
      activated_at = CASE WHEN ${move} = 'activate' THEN ${now}::timestamptz ELSE activated_at END,
      completed_at = CASE WHEN ${move} = 'complete' THEN ${now}::timestamptz ELSE completed_at END
    WHERE id = ${id}::uuid AND client_id = ${clientId}::uuid AND status = ANY (${from}::"CampaignStatus"[])
    RETURNING uses_default_sequence AS "usesDefaultSequence"`;
  if (moved === undefined) return { moved: false, outboxIds: [] };
  if (move === 'activate' && moved.usesDefaultSequence) await writeSequence(sql, campaign, sequence);
  return { moved: true, outboxIds: await follow(sql, campaign, move, now) };
}

/** What follows from a move. @returns what must be delivered at once */
async function follow(
  sql: Sql,
  campaign: { clientId: string; id: string },
  move: CampaignMove,
  now: Date,
): Promise<string[]> {
  switch (move) {
    case 'activate':
      break;
    case 'pause':
      await unbookCampaign(sql, campaign.id);
      break;
    case 'complete':
      // With those who came until the campaign was locked. One that is just being booked is ended by the campaign's workflow.
      await stopLocked(sql, await lockFreeWaiting(sql, campaign.id), now);
      await oweWakeUps(sql, campaign.id, now);
      break;
    case 'resume':
      await oweWakeUps(sql, campaign.id, now);
      break;
  }
  return [await oweCampaignStart(sql, campaign, now)];
}

/**
 * SEQ-6: the generated sequence follows the channels that the client has, so a new channel changes the sequence of
 * every draft, and gives one to a running campaign that had none at all.
 */
export async function refreshSequences(database: Database, clientId: string): Promise<void> {
  const stale = await database.campaign.findMany({
    where: {
      clientId,
      usesDefaultSequence: true,
      OR: [{ status: 'draft' }, { status: { in: ['active', 'paused'] }, steps: { none: {} } }],
    },
    select: { id: true },
  });
  const sequence = await sequenceOf(database, clientId);
  for (const { id } of stale) {
    await transact(database, async (sql) => {
      // The campaign's row orders two refreshes at once.
      await sql`SELECT 1 FROM campaign WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
      await writeSequence(sql, { clientId, id }, sequence);
    });
  }
}

const withSteps = { steps: { orderBy: { step: 'asc' } } } as const;
type Row = Prisma.CampaignGetPayload<{ include: typeof withSteps }>;

function record({ clientId: _, steps, targeting, summary, ...row }: Row): CampaignRecord {
  return {
    ...row,
    summary: summary as unknown as CampaignSummary | null,
    targeting: targeting as unknown as Targeting,
    sequence: steps.map(({ step, day, channel, purpose, replaces }) => ({
      step,
      day,
      channel: channelNamed(channel),
      purpose,
      replaces: replaces === null ? null : channelNamed(replaces),
    })),
  };
}
