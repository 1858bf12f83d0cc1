import type { Because } from '../../domain/facts';
import type { Prisma } from '../../prisma/generated/client';
import type { Database } from '../database';
import { nextPage, type Page, type PageRequest } from '../paging';

export type TimelineRow = Prisma.TimelineEntryGetPayload<object> & { campaignId: string };
export type PlannedTouch = Prisma.TouchGetPayload<object>;

/** TRUTH-3: what happened to a lead in all its sequences, in the order in which it became true. */
export async function readTimeline(
  database: Database,
  lead: { clientId: string; id: string },
  page: PageRequest,
): Promise<Page<TimelineRow>> {
  const enrollments = await database.enrollment.findMany({
    where: { leadId: lead.id, clientId: lead.clientId },
    select: { id: true, campaignId: true },
  });
  const campaigns = new Map(enrollments.map((enrollment) => [enrollment.id, enrollment.campaignId]));
  const rows = await database.timelineEntry.findMany({
    where: {
      enrollmentId: { in: [...campaigns.keys()] },
      ...(page.after === null ? {} : { id: { gt: BigInt(page.after) } }),
    },
    orderBy: { id: 'asc' },
    take: page.limit + 1,
  });
  const named = rows.map((row) => ({ ...row, campaignId: campaigns.get(row.enrollmentId) ?? '' }));
  return nextPage(named, page.limit, (row) => row.id.toString());
}

/** What is planned for a lead right now, soonest first; a touch without a slot waits for room. */
export async function plannedTouches(
  database: Database,
  lead: { clientId: string; id: string },
): Promise<PlannedTouch[]> {
  return database.touch.findMany({
    where: { clientId: lead.clientId, status: 'planned', enrollment: { leadId: lead.id } },
    orderBy: [{ slotAt: { sort: 'asc', nulls: 'last' } }, { step: 'asc' }],
  });
}

export interface ToldEntry extends Because {
  at: Date;
  what: string;
  step: number | null;
}

/** What happened to one enrollment, in the order in which it happened, with the lead's score (TRUTH-3). */
export async function readEnrollmentTimeline(
  database: Database,
  enrollmentId: string,
): Promise<{ entries: ToldEntry[]; score: number | null }> {
  const { lead } = await database.enrollment.findUniqueOrThrow({
    where: { id: enrollmentId },
    select: { lead: { select: { score: true } } },
  });
  const rows = await database.timelineEntry.findMany({ where: { enrollmentId }, orderBy: { id: 'asc' } });
  return { score: lead.score, entries: rows.map((row) => ({ ...row, numbers: row.numbers as Because['numbers'] })) };
}
