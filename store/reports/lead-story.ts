import type { Because } from '../../domain/facts';
import type { Database } from '../database';

export interface ToldEntry extends Because {
  at: Date;
  what: string;
  step: number | null;
}

/** The story of one enrollment, in the order in which it happened, with the lead's score (TRUTH-3). */
export async function readTimelineOf(
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
