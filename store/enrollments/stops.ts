import type { LeadSignalName } from '../../workflows/contract';
import { releaseTouches } from '../capacity/capacity';
import type { Database, Transaction } from '../database';
import { oweSignal } from '../outbox/signals';
import { tell } from './timeline';

export interface Stop {
  reason: string;
  rule: string;
  signal: LeadSignalName;
  now: Date;
}

/**
 * Stops one enrollment for good: no touch of it is sent from the moment this commits. Planned touches are cancelled
 * and give their capacity back (LIM-6); a touch that is just being sent keeps its own. Idempotent.
 * @returns whether it was stopped by this call
 */
export async function stopEnrollment(tx: Transaction, enrollmentId: string, stop: Stop): Promise<boolean> {
  const [enrollment] = await tx.$queryRaw<{ clientId: string; status: string }[]>`
    SELECT client_id AS "clientId", status FROM enrollment WHERE id = ${enrollmentId}::uuid FOR UPDATE`;
  if (enrollment === undefined || enrollment.status === 'stopped' || enrollment.status === 'completed') return false;
  await tx.enrollment.update({
    where: { id: enrollmentId },
    data: { status: 'stopped', stopReason: stop.reason, stopRule: stop.rule, finishedAt: stop.now },
  });
  await cancelPlannedTouches(tx, enrollmentId, stop);
  await tell(tx, {
    clientId: enrollment.clientId,
    enrollmentId,
    at: stop.now,
    what: 'stopped',
    reason: stop.reason,
    rule: stop.rule,
    numbers: {},
  });
  if (enrollment.status === 'active') await oweSignal(tx, enrollmentId, stop.signal, stop.now);
  return true;
}

/** Cancels what is planned for an enrollment and gives its capacity back. */
export async function cancelPlannedTouches(
  tx: Transaction,
  enrollmentId: string,
  because: { reason: string; rule: string },
): Promise<void> {
  const planned = await tx.touch.findMany({ where: { enrollmentId, status: 'planned' }, select: { id: true } });
  const ids = planned.map((touch) => touch.id);
  await releaseTouches(tx, ids);
  await tx.touch.updateMany({
    where: { id: { in: ids } },
    data: { status: 'cancelled', reason: because.reason, rule: because.rule },
  });
}

/** Takes back the bookings of an enrollment without giving up its steps: the workflow plans them again (SEQ-3). */
export async function unbookTouches(tx: Transaction, enrollmentId: string): Promise<void> {
  await unbookWhere(tx, { enrollmentId });
}

/** Takes back the booked e-mails of an enrollment: the address bounced, and the plan will skip them (SEQ-4). */
export async function unbookEmails(tx: Transaction, enrollmentId: string): Promise<void> {
  await unbookWhere(tx, { enrollmentId, channel: 'email' });
}

async function unbookWhere(tx: Transaction, where: { enrollmentId: string; channel?: 'email' }): Promise<void> {
  const booked = await tx.touch.findMany({
    where: { ...where, status: 'planned', slotAt: { not: null } },
    select: { id: true },
  });
  await releaseTouches(
    tx,
    booked.map((touch) => touch.id),
  );
}

/** Stops every enrollment of a lead that is not finished (SEQ-5, CTL-3). @returns how many were stopped */
export async function stopLead(tx: Transaction, leadId: string, stop: Stop): Promise<number> {
  const open = await tx.enrollment.findMany({
    where: { leadId, status: { in: ['waiting', 'active'] } },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  let stopped = 0;
  for (const enrollment of open) if (await stopEnrollment(tx, enrollment.id, stop)) stopped += 1;
  return stopped;
}

/** Takes back every booking of a paused campaign (TRUTH-4); its leads plan again when it resumes. */
export async function unbookCampaign(database: Database | Transaction, campaignId: string): Promise<void> {
  // Locked before they are chosen: one that is just being claimed is waited for, and keeps what it then holds (LIM-6).
  await database.$executeRaw`
    WITH booked AS (
      SELECT id FROM touch
      WHERE campaign_id = ${campaignId}::uuid AND status = 'planned' AND slot_at IS NOT NULL
      ORDER BY id FOR UPDATE
    )
    SELECT release_touches(coalesce(array_agg(id), '{}')) FROM booked`;
}
