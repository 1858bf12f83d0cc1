import type { LeadSignalName } from '../../workflows/contract';
import { leadWorkflowId } from '../../workflows/contract';
import type { Database, Transaction } from '../database';

export interface OwedSignal {
  id: string;
  workflowId: string;
  signal: LeadSignalName;
}

/** Notes, in the transaction of the fact, that a lead's workflow must hear of it (facts first, signal second). */
export async function oweSignal(
  tx: Database | Transaction,
  enrollmentId: string,
  signal: LeadSignalName,
  now: Date,
): Promise<void> {
  await tx.pendingSignal.create({
    data: { workflowId: leadWorkflowId(enrollmentId), signal, payload: {}, createdAt: now },
  });
}

/** Owes every active lead of a campaign a wake-up; a lead that is already owed one gets no second. */
export async function oweWakeUps(database: Database, campaignId: string, now: Date): Promise<void> {
  await database.$executeRaw`
    INSERT INTO pending_signal (id, workflow_id, signal, payload, created_at)
    SELECT gen_random_uuid(), 'lead-' || e.id, 'leadWoken', '{}'::jsonb, ${now}
    FROM enrollment e
    WHERE e.campaign_id = ${campaignId}::uuid AND e.status = 'active' AND NOT EXISTS (
      SELECT 1 FROM pending_signal p
      WHERE p.workflow_id = 'lead-' || e.id AND p.signal = 'leadWoken' AND p.delivered_at IS NULL)`;
}

/** The oldest signals that are still owed. */
export async function owedSignals(database: Database, limit: number): Promise<OwedSignal[]> {
  const rows = await database.pendingSignal.findMany({
    where: { deliveredAt: null },
    orderBy: { createdAt: 'asc' },
    take: limit,
    select: { id: true, workflowId: true, signal: true },
  });
  return rows.map((row) => ({ ...row, signal: row.signal as LeadSignalName }));
}

export async function markSignalDelivered(database: Database, id: string, now: Date): Promise<void> {
  await database.pendingSignal.update({ where: { id }, data: { deliveredAt: now } });
}
