import type { Sql } from '../sql';
import { addSuppression } from './suppressions';

/** The address of a lead bounced hard: it is suppressed, for e-mail alone (SEQ-4). */
export async function suppressBouncedEmail(
  sql: Sql,
  { clientId, leadId }: { clientId: string; leadId: string },
  secretKey: string,
  now: Date,
): Promise<void> {
  const [lead] = await sql<{ email: string }>`SELECT email FROM lead WHERE id = ${leadId}::uuid`;
  if (lead === undefined) throw new Error(`no lead ${leadId}`);
  const suppression = { clientId, kind: 'email', value: lead.email, scope: 'email', now } as const;
  await addSuppression(sql, secretKey, { ...suppression, keepValue: true, reason: 'hard bounce' });
}
