import type { EmailStatus } from '../../domain/address-check';
import { json, type Sql } from '../sql';

/** An address with what its last check found. */
export interface CheckableAddress {
  leadId: string;
  email: string;
  status: EmailStatus;
  checkedAt: Date | null;
}

/** The addresses of these leads, without erased ones. */
export function readAddresses(sql: Sql, leadIds: readonly string[]): Promise<CheckableAddress[]> {
  return sql<CheckableAddress>`
    SELECT id AS "leadId", email, email_status AS status, email_checked_at AS "checkedAt" FROM lead
    WHERE id = ANY (${leadIds}::uuid[]) AND email NOT LIKE '%@erased.invalid' ORDER BY id`;
}

/**
 * Writes verdicts down (SEQ-7). "unchecked" means that nobody could tell: an earlier verdict stays. An address that has
 * changed since it was read keeps its own.
 */
export async function writeVerdicts(
  sql: Sql,
  verdicts: readonly { leadId: string; email: string; status: EmailStatus }[],
  now: Date,
): Promise<void> {
  if (verdicts.length === 0) return;
  await sql`
    WITH verdict AS (
      SELECT * FROM jsonb_to_recordset(${json(verdicts)}::jsonb) AS r("leadId" uuid, email text, status text)
    ), locked AS (
      SELECT l.id FROM lead l WHERE l.id IN (SELECT "leadId" FROM verdict) ORDER BY l.id FOR NO KEY UPDATE
    )
    UPDATE lead l SET email_checked_at = ${now},
      email_status = CASE WHEN v.status = 'unchecked' THEN l.email_status ELSE v.status END
    FROM locked, verdict v WHERE l.id = locked.id AND v."leadId" = l.id AND v.email = l.email`;
}
