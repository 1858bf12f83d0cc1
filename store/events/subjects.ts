import type { WorkCalendar } from '../../domain/calendar/sending-day';
import type { Sql } from '../sql';

/** A lead that an event is about, and its touch when the event names one. */
export interface EventSubject {
  clientId: string;
  leadId: string;
  touchId: string | null;
}

/** What the rules, and whoever applies them, want to know of the lead. */
export interface SubjectLead {
  id: string;
  clientId: string;
  email: string;
  mobile: string | null;
  linkedinUrl: string | null;
  calendar: WorkCalendar;
  softBounces: number;
}

/** Reads the leads that an event is about; they are locked. */
export async function readSubjectLeads(sql: Sql, subjects: readonly EventSubject[]): Promise<SubjectLead[]> {
  if (subjects.length === 0) return [];
  const rows = await sql<Omit<SubjectLead, 'calendar'> & WorkCalendar>`
    SELECT id, client_id AS "clientId", email, mobile, linkedin_url AS "linkedinUrl", timezone,
      country_code AS "countryCode", region_code AS "regionCode", soft_bounces AS "softBounces"
    FROM lead WHERE id = ANY (${subjects.map((subject) => subject.leadId)}::uuid[]) ORDER BY id`;
  return rows.map(({ timezone, countryCode, regionCode, ...lead }) => ({
    ...lead,
    calendar: { timezone, countryCode, regionCode },
  }));
}
