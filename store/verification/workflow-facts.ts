import type { Sql } from '../sql';

/** Enrollments and campaigns that should have a running workflow. */
export async function readOpen(sql: Sql): Promise<{ enrollments: string[]; campaigns: string[] }> {
  const enrollments = await sql<{ id: string }>`SELECT id FROM enrollment WHERE status = 'active'`;
  const campaigns = await sql<{ id: string }>`SELECT id FROM campaign WHERE status IN ('active', 'paused')`;
  return { enrollments: enrollments.map(({ id }) => id), campaigns: campaigns.map(({ id }) => id) };
}

/** The sequences that ended last. */
export async function readLastEnded(sql: Sql, atMost: number): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    SELECT id FROM enrollment WHERE status IN ('stopped', 'completed') AND admitted_at IS NOT NULL
    ORDER BY finished_at DESC LIMIT ${atMost}`;
  return rows.map(({ id }) => id);
}

/** Which of these are open as of now. */
export async function stillOpen(sql: Sql, ids: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }>`
    SELECT id FROM enrollment WHERE id = ANY (${ids}::uuid[]) AND status = 'active'
    UNION ALL SELECT id FROM campaign WHERE id = ANY (${ids}::uuid[]) AND status IN ('active', 'paused')`;
  return new Set(rows.map(({ id }) => id));
}

/** What must stand in no history: who the lead is, and what was written to them. */
export interface PersonalWords {
  enrollmentId: string;
  words: string[];
}

/** Of the leads that were admitted last. */
export async function readPersonalWords(sql: Sql, atMost: number): Promise<PersonalWords[]> {
  const rows = await sql<{ enrollmentId: string; words: (string | null)[]; texts: Record<string, unknown>[] }>`
    SELECT e.id AS "enrollmentId", ARRAY[l.email, l.phone, l.mobile, l.linkedin_url, l.linkedin_profile, l.company_domain,
        l.company, l.first_name || ' ' || l.last_name] AS words,
      (SELECT coalesce(json_agg(x.content), '[]') FROM touch t JOIN touch_text x ON x.touch_id = t.id
        WHERE t.enrollment_id = e.id) AS texts
    FROM enrollment e JOIN lead l ON l.id = e.lead_id
    WHERE e.admitted_at IS NOT NULL ORDER BY e.admitted_at DESC LIMIT ${atMost}`;
  return rows.map(({ enrollmentId, words, texts }) => ({
    enrollmentId,
    words: [...words, ...texts.flatMap(Object.values)].flatMap((word) => (isTelling(word) ? [word.slice(0, 40)] : [])),
  }));
}

/** Shorter ones may stand anywhere by chance. */
const isTelling = (word: unknown): word is string => typeof word === 'string' && word.length >= 6;
