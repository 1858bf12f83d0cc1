import { passesDnsGate, whatIsMissing } from '../../domain/dns-records';
import type { DnsRecord, DnsVerdict } from '../../domain/dns/verdict';
import { transact, type Database } from '../database';
import { json, type Sql } from '../sql';
import { raiseAlert, resolveAlert } from '../tenants/alerts';
import { liftPause } from './pauses';

/** What has to be known of a domain to ask the DNS about it. */
export interface DomainToCheck {
  id: string;
  clientId: string;
  name: string;
  /** null: the known ones are tried. */
  dkimSelector: string | null;
}

/** Why a domain does not send that was registered and never checked. */
export const notCheckedYet = 'not checked yet';

/** @returns null when there is no such domain */
export async function domainToCheck(sql: Sql, domainId: string): Promise<DomainToCheck | null> {
  const [row] = await sql<DomainToCheck>`
    SELECT id, client_id AS "clientId", name, dkim_selector AS "dkimSelector" FROM sending_domain
    WHERE id = ${domainId}::uuid`;
  return row ?? null;
}

/** The domains that are due (`checkAllDomainsDns`), longest unasked first. */
export function domainsToCheck(sql: Sql, now: Date, limit: number): Promise<DomainToCheck[]> {
  return sql<DomainToCheck>`
    SELECT d.id, d.client_id AS "clientId", d.name, d.dkim_selector AS "dkimSelector" FROM sending_domain d
    WHERE d.dns_asked_at IS NULL
      OR d.dns_asked_at <= ${now}::timestamptz - interval '24 hours'
      OR d.dns_asked_at <= ${now}::timestamptz - interval '1 hour' AND (d.dns_failure IS NOT NULL
        OR EXISTS (SELECT 1 FROM pause p WHERE p.domain_id = d.id AND p.reason = 'dns'))
    ORDER BY d.dns_asked_at NULLS FIRST, d.id
    LIMIT ${limit}`;
}

/**
 * Stores what the DNS said, and pauses the domain or lets it send. Of two checks at once the later one holds; one of
 * another selector than the domain has by now is thrown away. History gets a row only when something changed.
 */
export async function recordDnsCheck(
  database: Database,
  check: { domain: DomainToCheck; verdict: DnsVerdict; now: Date },
): Promise<void> {
  const { domain, verdict, now } = check;
  await transact(database, async (sql) => {
    const failure = verdict.kind === 'unanswered' ? verdict.error : null;
    const [held] = await sql`
      UPDATE sending_domain SET dns_asked_at = ${now}, dns_failure = ${failure},
        dns_checked_at = CASE WHEN ${failure}::text IS NULL THEN ${now}::timestamptz ELSE dns_checked_at END
      WHERE id = ${domain.id}::uuid AND dkim_selector IS NOT DISTINCT FROM ${domain.dkimSelector}
        AND (dns_asked_at IS NULL OR dns_asked_at <= ${now})
      RETURNING id`;
    if (held === undefined || verdict.kind === 'unanswered') return;
    await noteChange(sql, domain, verdict.records, now);
    await applyGate(sql, domain, verdict.records, now);
  });
}

async function noteChange(sql: Sql, { id, clientId }: DomainToCheck, records: DnsRecord[], now: Date): Promise<void> {
  await sql`
    INSERT INTO domain_dns_check (client_id, domain_id, checked_at, records)
    SELECT ${clientId}::uuid, ${id}::uuid, ${now}, ${json(records)}::jsonb
    WHERE ${json(records)}::jsonb IS DISTINCT FROM (
      SELECT records FROM domain_dns_check WHERE domain_id = ${id}::uuid ORDER BY id DESC LIMIT 1)`;
}

async function applyGate(sql: Sql, { id, clientId }: DomainToCheck, records: DnsRecord[], now: Date): Promise<void> {
  if (passesDnsGate(records)) {
    await liftPause(sql, { kind: 'domain', domainId: id, clientId }, ['dns'], now);
    await resolveAlert(sql, { clientId, kind: 'dns', resourceId: id }, now);
    return;
  }
  const missing = whatIsMissing(records);
  const [pause] = await sql<{ isNew: boolean }>`
    INSERT INTO pause (id, client_id, domain_id, reason, detail, since)
    VALUES (gen_random_uuid(), ${clientId}::uuid, ${id}::uuid, 'dns', ${missing}, ${now})
    ON CONFLICT (domain_id, reason) DO UPDATE SET detail = EXCLUDED.detail
    RETURNING xmax = 0 AS "isNew"`;
  // Only a domain that could send until now is news; one that waits for its first records is shown.
  if (pause?.isNew !== true) return;
  const message = `domain ${id} sends no longer: ${missing}`;
  await raiseAlert(sql, { clientId, kind: 'dns', message, resourceId: id }, now);
}
