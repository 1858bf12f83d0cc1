import type { Sql } from '../sql';

/**
 * Something that a person should look at. One that is open already is not raised again. Messages carry ids, never
 * addresses or texts (TRUTH-6).
 */
export async function raiseAlert(
  sql: Sql,
  alert: { clientId: string; kind: string; message: string; resourceId?: string | null },
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
  alert: { clientId: string; kind: string; resourceId: string },
  now: Date,
): Promise<void> {
  await sql`
    UPDATE alert SET resolved_at = ${now}
    WHERE client_id = ${alert.clientId}::uuid AND kind = ${alert.kind} AND resource_id = ${alert.resourceId}::uuid
      AND resolved_at IS NULL`;
}
