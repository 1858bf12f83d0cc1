import type { Prisma } from '../../prisma/generated/client';
import type { CampaignStatus } from '../../prisma/generated/enums';
import { generateSequence, type Channel, type Purpose, type SequenceStep } from '../../domain/sequence';
import type { Database, Transaction } from '../database';
import { nextPage, type Page, type PageRequest } from '../paging';
import { unbookCampaign } from '../enrollments/stops';

export type { CampaignStatus };

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
  sequence: SequenceStep[];
  createdAt: Date;
  activatedAt: Date | null;
  completedAt: Date | null;
}

/** What a user can do to a campaign's state, from which states, and where it leads. */
export const campaignMoves = {
  activate: { from: ['draft'], to: 'active' },
  pause: { from: ['active'], to: 'paused' },
  resume: { from: ['paused'], to: 'active' },
  complete: { from: ['active', 'paused'], to: 'completed' },
} as const satisfies Record<string, { from: readonly CampaignStatus[]; to: CampaignStatus }>;
export type CampaignMove = keyof typeof campaignMoves;

/** The channels that a client has anything to send with, paused or not (SEQ-6; a pause is SEQ-7's affair). */
export async function availableChannels(database: Database | Transaction, clientId: string): Promise<Set<Channel>> {
  const [mailbox, numbers, seat] = [
    await database.mailbox.findFirst({ where: { clientId }, select: { id: true } }),
    await database.phoneNumber.findMany({ where: { clientId }, select: { channels: true } }),
    await database.linkedInSeat.findFirst({ where: { clientId }, select: { id: true } }),
  ];
  return new Set<Channel>([
    ...(mailbox === null ? [] : (['email'] as const)),
    ...numbers.flatMap((number) => number.channels),
    ...(seat === null ? [] : (['linkedin'] as const)),
  ]);
}

export async function createCampaign(
  database: Database,
  campaign: { clientId: string; name: string; description: string; targeting: Targeting; now: Date },
): Promise<CampaignRecord> {
  const { now, targeting, ...rest } = campaign;
  return database.$transaction(async (tx) => {
    const data = { ...rest, targeting: { ...targeting }, createdAt: now };
    const { id } = await tx.campaign.create({ data, select: { id: true } });
    await storeSequence(tx, rest.clientId, id);
    return readExisting(tx, id);
  });
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

/**
 * Moves a campaign's state in one conditional update, so that of two requests at once only one moves it. Activation
 * also generates the sequence anew, from the channels that the client has by now (SEQ-6); a pause takes every booking
 * back (TRUTH-4).
 * @returns whether the state allowed it
 */
export async function moveCampaign(
  database: Database,
  campaign: { clientId: string; id: string },
  move: CampaignMove,
  now: Date,
): Promise<boolean> {
  const { from, to } = campaignMoves[move];
  const { clientId, id } = campaign;
  return database.$transaction(async (tx) => {
    const { count } = await tx.campaign.updateMany({
      where: { id, clientId, status: { in: [...from] } },
      data: {
        status: to,
        ...(move === 'activate' ? { activatedAt: now } : {}),
        ...(move === 'complete' ? { completedAt: now } : {}),
      },
    });
    if (count === 1 && move === 'activate') await storeSequence(tx, clientId, id);
    if (count === 1 && move === 'pause') await unbookCampaign(tx, id);
    return count === 1;
  });
}

/** Takes an activation or a resumption back whose workflow could not be told: nothing may send unwatched. */
export async function takeMoveBack(database: Database, id: string, move: 'activate' | 'resume'): Promise<void> {
  const { from, to } = campaignMoves[move];
  await database.campaign.updateMany({
    where: { id, status: to },
    data: { status: from[0], ...(move === 'activate' ? { activatedAt: null } : {}) },
  });
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
  for (const { id } of stale) await database.$transaction((tx) => storeSequence(tx, clientId, id));
}

async function storeSequence(tx: Transaction, clientId: string, campaignId: string): Promise<void> {
  // The campaign's row orders two refreshes at once.
  await tx.$queryRaw`SELECT id FROM campaign WHERE id = ${campaignId}::uuid FOR UPDATE`;
  const sequence = generateSequence(await availableChannels(tx, clientId));
  await tx.campaignStep.deleteMany({ where: { campaignId } });
  await tx.campaignStep.createMany({ data: sequence.map((step) => ({ ...step, campaignId, clientId })) });
}

const withSteps = { steps: { orderBy: { step: 'asc' } } } as const;
type Row = Prisma.CampaignGetPayload<{ include: typeof withSteps }>;

async function readExisting(tx: Transaction, id: string): Promise<CampaignRecord> {
  return record(await tx.campaign.findUniqueOrThrow({ where: { id }, include: withSteps }));
}

function record({ clientId: _, steps, targeting, ...row }: Row): CampaignRecord {
  return {
    ...row,
    targeting: targeting as unknown as Targeting,
    sequence: steps.map(({ step, day, channel, purpose, replaces }) => ({
      step,
      day,
      channel,
      purpose: purpose as Purpose,
      replaces,
    })),
  };
}
