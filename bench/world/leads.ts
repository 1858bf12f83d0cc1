import type { Client } from 'pg';
import { agencyAt, idOf, type Agency, type AgencyGroup } from './agencies';

/** Leads of a group's agencies, told apart by what they are for. */
export interface LeadsOf {
  group: AgencyGroup;
  /** One word. */
  purpose: string;
  /** So many of each agency. */
  each: number;
}

/** A lead in its agency's campaign, by its number among the leads of a purpose. */
export interface MadeLead {
  agency: Agency;
  leadId: string;
  enrollmentId: string;
  email: string;
  mobile: string;
}

/** The leads of a purpose go round the agencies, as the bookings of many clients do. */
export function personAt({ group, purpose }: LeadsOf, index: number): MadeLead {
  const at = index % group.agencies;
  const number = Math.floor(index / group.agencies);
  const words = [group.name, purpose, at, number];
  return {
    agency: agencyAt(group, at),
    leadId: idOf('lead', ...words),
    enrollmentId: idOf('enrollment', ...words),
    email: emailOf(words),
    mobile: mobileOf(words),
  };
}

const emailOf = (words: readonly (string | number)[]): string => `${idOf('lead', ...words)}@acme.example`;
const mobileOf = (words: readonly (string | number)[]): string => {
  // Digits enough for a million people behind a prefix that is reserved for fiction.
  const hex = idOf('lead', ...words).replaceAll('-', '');
  return `+6149157${parseInt(hex.slice(0, 7), 16)}`;
};

/** Makes them, each reachable on every channel. @param status active: admitted long ago */
export async function createLeads(
  filler: Client,
  { group, purpose, each }: LeadsOf,
  status: 'active' | 'waiting' | 'completed',
): Promise<void> {
  if (each === 0) return;
  const id = (word: string, lead = true): string =>
    lead ? `md5('${word} ${group.name} ${purpose} ' || a || ' ' || n)` : `md5('${word} ${group.name} ' || a)`;
  const from = `FROM generate_series(0, ${group.agencies - 1}) AS a, generate_series(0, ${each - 1}) AS n`;
  const admitted = status === 'waiting' ? 'NULL' : `'2025-06-01'`;
  await filler.query(`INSERT INTO lead (id, client_id, email, first_name, last_name, title, company, company_domain, mobile,
      linkedin_url, linkedin_profile, timezone, timezone_source, call_timezone, country_code, region_code, score,
      unsubscribe_token)
    SELECT ${id('lead')}::uuid, ${id('client', false)}::uuid, ${id('lead')}::uuid || '@acme.example', 'Jane', 'Doe',
      'Head of Operations', 'Acme', 'acme.example', '+6149157' || ('x' || left(${id('lead')}, 7))::bit(28)::int,
      'https://www.linkedin.com/in/' || ${id('lead')}, 'linkedin.com/in/' || ${id('lead')}, 'Australia/Sydney', 'hq',
      'Australia/Sydney', 'AU', 'NSW', 60 + n % 40, ${id('lead')} ${from}`);
  await filler.query(`INSERT INTO enrollment (id, client_id, campaign_id, lead_id, status, rank, admitted_at, finished_at)
    SELECT ${id('enrollment')}::uuid, ${id('client', false)}::uuid, ${id('campaign', false)}::uuid, ${id('lead')}::uuid,
      '${status}', -(60 + n % 40), ${admitted}, ${status === 'completed' ? `'2025-12-01'` : 'NULL'} ${from}`);
}
