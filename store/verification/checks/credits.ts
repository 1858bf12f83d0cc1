import { atMost, counts, found, type DatabaseCheck, type ViolationRow } from '../database-check';

export const ledger: DatabaseCheck = {
  id: 'PACE-1',
  name: 'the ledger of credits adds up, begins with one quota, and never goes below nothing',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS entries, count(DISTINCT period_id) AS periods FROM credit_entry`;
    const wrong = await sql<ViolationRow>`
      WITH entries AS (
        SELECT c.*, coalesce(lag(c.balance) OVER own, 0) AS before, row_number() OVER own AS nth
        FROM credit_entry c WINDOW own AS (PARTITION BY c.period_id ORDER BY c.id)
      )
      SELECT NULL AS "touchId", count(*) OVER () AS of,
        format('entry %s (%s %s) leaves %s of %s: period %s', id, kind, amount, balance, before, period_id) AS text
      FROM entries WHERE balance <> before + amount OR balance < 0 OR (nth = 1) <> (kind = 'grant') LIMIT ${atMost}`;
    return found(counts(seen), wrong);
  },
};

export const paidOnce: DatabaseCheck = {
  id: 'PACE-5',
  name: 'every admitted lead cost one credit of its month, and no more',
  async look(sql) {
    const seen = await sql<Record<string, number>>`
      SELECT count(*) AS admissions FROM enrollment WHERE admitted_at IS NOT NULL`;
    const more = await sql<ViolationRow>`
      SELECT NULL AS "touchId", count(*) OVER () AS of,
        format('%s credits of period %s: lead %s', -sum(amount), period_id, lead_id) AS text
      FROM credit_entry WHERE kind IN ('admit', 'refund') AND lead_id IS NOT NULL
      GROUP BY period_id, lead_id HAVING sum(amount) NOT IN (0, -1) LIMIT ${atMost}`;
    const free = await sql<ViolationRow>`
      SELECT NULL AS "touchId", count(*) OVER () AS of,
        format('admitted for nothing in period %s: enrollment %s', p.id, e.id) AS text
      FROM enrollment e JOIN credit_period p
        ON p.client_id = e.client_id AND p.starts_at <= e.admitted_at AND p.ends_at > e.admitted_at
      WHERE NOT EXISTS (SELECT 1 FROM credit_entry c WHERE c.lead_id = e.lead_id AND c.period_id = p.id AND c.kind = 'admit')
      LIMIT ${atMost}`;
    return found(counts(seen), more, free);
  },
};
