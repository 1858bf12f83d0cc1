import type { Finding, Report } from '../../verification/report';
import type { Sql } from '../sql';
import { databaseChecks } from './checks';

/** Holds a snapshot of the database against the specification. @param onFinding is told of each check as it ends */
export async function verifyDatabase(
  sql: Sql,
  onFinding: (finding: Finding) => void = () => undefined,
): Promise<Report> {
  const findings: Finding[] = [];
  for (const { id, name, look } of databaseChecks) {
    const finding: Finding = Object.assign({ id, name, source: 'database', kind: 'checked' } as const, await look(sql));
    onFinding(finding);
    findings.push(finding);
  }
  const uncertain = await sql<Report['uncertain'][number]>`
    SELECT coalesce(reason, 'no reason') AS reason, count(*)::int AS count FROM touch
    WHERE status = 'uncertain' GROUP BY 1 ORDER BY 2 DESC, 1`;
  return { findings, uncertain };
}
