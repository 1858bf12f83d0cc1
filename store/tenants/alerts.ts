import type { Sql } from '../sql';

/**
 * Something that a person should look at; without a client it is the operator's. One that is open already is not raised
 * again. Messages carry ids, never addresses or texts (TRUTH-6).
 */
export async function raiseAlert(
  sql: Sql,
  alert: { clientId: string | null; kind: string; message: string; resourceId?: string | null },
  now: Date,
): Promise<void> {
  await sql`
    INSERT INTO alert (id, client_id, kind, message, resource_id, created_at)
    VALUES (gen_random_uuid(), ${alert.clientId}::uuid, ${alert.kind}, ${alert.message}, ${alert.resourceId}::uuid, ${now})
    ON CONFLICT DO NOTHING`;
}

/** What the open alert of this kind about this resource asked for is done. */
export async function resolveAlert(
  sql: Sql,
  alert: { clientId: string | null; kind: string; resourceId?: string | null },
  now: Date,
): Promise<void> {
  await sql`
    UPDATE alert SET resolved_at = ${now}
    WHERE client_id IS NOT DISTINCT FROM ${alert.clientId}::uuid AND kind = ${alert.kind}
      AND resource_id IS NOT DISTINCT FROM ${alert.resourceId}::uuid AND resolved_at IS NULL`;
}

/** Whose alerts of this kind are open. */
export async function openAlerts(sql: Sql, kind: string): Promise<string[]> {
  const rows = await sql<{ clientId: string }>`
    SELECT client_id AS "clientId" FROM alert WHERE kind = ${kind} AND resolved_at IS NULL AND client_id IS NOT NULL`;
  return rows.map(({ clientId }) => clientId);
}
