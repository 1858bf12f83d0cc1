import type { Because } from '../../domain/facts';
import type { LocalDate } from '../../domain/local-date';
import type { Database } from '../database';
import { dateValue } from '../dates';
import { cancelPlannedTouches } from './stops';
import { tell } from './timeline';

/** A waiting lead, in the order of admission. */
export interface Candidate {
  enrollmentId: string;
  /** What its send windows depend on: zone, country and region. */
  calendar: string;
}

/**
 * Leads that wait for admission: higher scores first (ACC-2), then in the order of import. Leads that are in another
 * active sequence of the client stay where they are (SEQ-8).
 */
export async function admissionCandidates(database: Database, campaignId: string): Promise<Candidate[]> {
  return database.$queryRaw<Candidate[]>`
    SELECT e.id AS "enrollmentId", concat_ws('/', l.timezone, l.country_code, l.region_code) AS calendar
    FROM enrollment e JOIN lead l ON l.id = e.lead_id
    WHERE e.campaign_id = ${campaignId}::uuid AND e.status = 'waiting'
      AND NOT EXISTS (SELECT 1 FROM enrollment o WHERE o.lead_id = e.lead_id AND o.status = 'active')
    ORDER BY l.score DESC NULLS LAST, e.position`;
}

export async function countWaiting(database: Database, campaignId: string): Promise<number> {
  return database.enrollment.count({ where: { campaignId, status: 'waiting' } });
}

/**
 * Admits a lead whose first touch is not today's. `day0` is given when the sequence has no step 1 (SEQ-1, SEQ-6).
 * @returns whether this call admitted it
 */
export async function admitWithoutBooking(
  database: Database,
  enrollmentId: string,
  day0: LocalDate | null,
  now: Date,
): Promise<boolean> {
  const { count } = await database.enrollment.updateMany({
    where: { id: enrollmentId, status: 'waiting' },
    data: { status: 'active', admittedAt: now, ...(day0 === null ? {} : { day0: dateValue(day0) }) },
  });
  return count === 1;
}

/** Admitted leads whose workflow was never seen to start: a crash came in between. */
export async function admittedWithoutWorkflow(database: Database, campaignId: string): Promise<string[]> {
  const rows = await database.enrollment.findMany({
    where: { campaignId, status: 'active', workflowStartedAt: null },
    orderBy: { position: 'asc' },
    select: { id: true },
  });
  return rows.map((row) => row.id);
}

export async function markWorkflowStarted(database: Database, enrollmentId: string, now: Date): Promise<void> {
  await database.enrollment.update({ where: { id: enrollmentId }, data: { workflowStartedAt: now } });
}

/** Ends an enrollment and says why; what was still planned is cancelled. Idempotent. */
export async function finishEnrollment(
  database: Database,
  record: { enrollmentId: string; clientId: string },
  status: 'completed' | 'stopped',
  because: Because,
  now: Date,
): Promise<void> {
  await database.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM enrollment WHERE id = ${record.enrollmentId}::uuid FOR UPDATE`;
    const { count } = await tx.enrollment.updateMany({
      where: { id: record.enrollmentId, status: { in: ['waiting', 'active'] } },
      data: {
        status,
        finishedAt: now,
        ...(status === 'stopped' ? { stopReason: because.reason, stopRule: because.rule } : {}),
      },
    });
    if (count === 0) return;
    await cancelPlannedTouches(tx, record.enrollmentId, because);
    await tell(tx, { ...record, at: now, what: status, ...because });
  });
}

/** A completed campaign admits nobody any more: its waiting leads end with it (CTL-3). */
export async function stopWaiting(database: Database, campaignId: string, now: Date): Promise<void> {
  const because: Because = { reason: 'campaign completed', rule: 'CTL-3', numbers: {} };
  await database.$transaction(async (tx) => {
    const stopped = await tx.enrollment.updateManyAndReturn({
      where: { campaignId, status: 'waiting' },
      data: { status: 'stopped', stopReason: because.reason, stopRule: because.rule, finishedAt: now },
      select: { id: true, clientId: true },
    });
    await tell(
      tx,
      ...stopped.map(({ id, clientId }) => ({
        clientId,
        enrollmentId: id,
        at: now,
        what: 'stopped' as const,
        ...because,
      })),
    );
  });
}
