import type { Channel } from '../../domain/channels';
import type { Sql } from '../sql';

/** What is known of a lead, its company and the client, for writing. Personal data: it stays inside the activity. */
export interface KnownForWriting {
  lead: { firstName: string | null; lastName: string | null; title: string | null };
  company: {
    name: string | null;
    domain: string | null;
    industry: string | null;
    size: string | null;
    city: string | null;
    country: string | null;
  };
  client: { name: string; senderName: string | null; website: string | null; proofPoints: string[] };
  /** What earlier touches said to this lead, in the order of sending (TEXT-1). */
  alreadySaid: { channel: Channel; text: string }[];
}

type Row = Omit<KnownForWriting, 'alreadySaid'> & {
  hasText: boolean;
  alreadySaid: { channel: Channel; content: unknown }[];
};

/** @returns null when the touch has its text already (TEXT-4) */
export async function readWritingFacts(
  sql: Sql,
  enrollmentId: string,
  touchId: string,
): Promise<KnownForWriting | null> {
  const [found] = await sql<{ known: Row }>`
    SELECT json_build_object(
      'hasText', EXISTS (SELECT 1 FROM touch_text x WHERE x.touch_id = ${touchId}::uuid),
      'lead', json_build_object('firstName', l.first_name, 'lastName', l.last_name, 'title', l.title),
      'company', json_build_object('name', l.company, 'domain', l.company_domain, 'industry', l.industry,
        'size', l.company_size, 'city', l.city, 'country', l.country),
      'client', json_build_object('name', c.name, 'senderName', c.sender_name, 'website', c.website,
        'proofPoints', coalesce(c.proof_points, '{}')),
      'alreadySaid', (SELECT coalesce(json_agg(json_build_object('channel', t.channel, 'content', x.content)
          ORDER BY t.step), '[]')
        FROM touch t JOIN touch_text x ON x.touch_id = t.id
        WHERE t.enrollment_id = e.id AND t.status IN ('sent', 'uncertain'))
    ) AS known
    FROM enrollment e JOIN lead l ON l.id = e.lead_id JOIN client c ON c.id = e.client_id
    WHERE e.id = ${enrollmentId}::uuid`;
  if (found === undefined) throw new Error(`no enrollment ${enrollmentId}`);
  const { hasText, alreadySaid, ...known } = found.known;
  if (hasText) return null;
  const [lead, company] = [onOneLine(known.lead), onOneLine(known.company)];
  return {
    ...known,
    lead,
    company,
    alreadySaid: alreadySaid.map(({ channel, content }) => ({ channel, text: plainText(content) })),
  };
}

/** A name that came with a line break would end up in a subject, which is one line: its mails would all be refused. */
function onOneLine<Facts extends Record<string, string | null>>(facts: Facts): Facts {
  const lines = Object.entries(facts).map(([name, value]) => [name, value?.replace(/\s+/g, ' ') ?? null]);
  return Object.fromEntries(lines) as Facts;
}

/** The words of a stored text, whatever its channel: subject and body, script, note or text. */
function plainText(content: unknown): string {
  if (typeof content !== 'object' || content === null) return '';
  return Object.values(content)
    .filter((value) => typeof value === 'string')
    .join('\n');
}
