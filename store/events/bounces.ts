import type { Database, Transaction } from '../database';
import { oweSignal } from '../outbox/signals';
import { unbookEmails } from '../enrollments/stops';
import { tell } from '../enrollments/timeline';
import { addSuppression } from '../leads/suppressions';

/** SEQ-4: three soft bounces count as one hard. */
export const softBouncesPerHard = 3;

/** The address of a lead bounced hard: it is suppressed, for e-mail alone (SEQ-4). */
export async function suppressBouncedEmail(
  database: Database | Transaction,
  lead: { clientId: string; leadId: string },
  secretKey: string,
  now: Date,
): Promise<void> {
  const { email } = await database.lead.findUniqueOrThrow({ where: { id: lead.leadId } });
  const suppression = { clientId: lead.clientId, kind: 'email', value: email, scope: 'email', now } as const;
  await addSuppression(database, secretKey, { ...suppression, keepValue: true, reason: 'hard bounce' });
}

/** Applies a bounce that was reported after sending: hard at once, soft at the third (SEQ-4). */
export async function applyBounce(
  tx: Transaction,
  lead: { clientId: string; leadId: string },
  hard: boolean,
  secretKey: string,
  now: Date,
): Promise<string> {
  if (!hard) {
    const { softBounces } = await tx.lead.update({
      where: { id: lead.leadId },
      data: { softBounces: { increment: 1 } },
      select: { softBounces: true },
    });
    if (softBounces < softBouncesPerHard) return `soft bounce ${softBounces} of ${softBouncesPerHard}`;
  }
  await suppressBouncedEmail(tx, lead, secretKey, now);
  const open = await tx.enrollment.findMany({
    where: { leadId: lead.leadId, status: 'active' },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  for (const { id } of open) {
    await tx.$queryRaw`SELECT id FROM enrollment WHERE id = ${id}::uuid FOR UPDATE`;
    await unbookEmails(tx, id);
    const because = { reason: hard ? 'hard bounce' : 'third soft bounce', rule: 'SEQ-4', numbers: {} };
    await tell(tx, { clientId: lead.clientId, enrollmentId: id, at: now, what: 'bounced', ...because });
    await oweSignal(tx, id, 'emailBounced', now);
  }
  return 'address suppressed for e-mail';
}
