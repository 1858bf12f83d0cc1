import type { Database, Transaction } from '../database';

/** Something that a person should look at. Messages carry ids, never addresses or texts (TRUTH-6). */
export async function raiseAlert(
  database: Database | Transaction,
  alert: { clientId: string; kind: string; message: string; resourceId?: string | null },
  now: Date,
): Promise<void> {
  const { clientId, kind, resourceId = null } = alert;
  const open = await database.alert.findFirst({ where: { clientId, kind, resourceId, resolvedAt: null } });
  if (open === null) await database.alert.create({ data: { ...alert, createdAt: now } });
}
