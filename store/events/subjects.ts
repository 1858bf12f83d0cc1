import { canonical } from '../../domain/canonical';
import type { WorkCalendar } from '../../domain/calendar/sending-day';
import type { ProviderEvent } from '../../providers/ports';
import { senderAt } from '../senders/senders';
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

/**
 * Finds whom an event is about: by our own reference, by the provider's, or by the person and the resource it came to.
 * Someone unknown gives an empty list; a person whom several clients know, when no resource tells them apart, gives
 * several, because a stop must not be lost.
 * @returns in the order of the leads' ids, so that two events about the same people never wait for each other
 */
export async function findSubjects(sql: Sql, event: ProviderEvent): Promise<EventSubject[]> {
  if (event.provider === 'unsubscribe-link') return findByUnsubscribeToken(sql, event.reference);
  const byTouch = await findByTouch(sql, event);
  return byTouch === null ? findByPerson(sql, event) : [byTouch];
}

/** The link in a mail names its lead exactly; its token is the event's reference. */
async function findByUnsubscribeToken(sql: Sql, token: string | null): Promise<EventSubject[]> {
  return sql<EventSubject>`
    SELECT client_id AS "clientId", id AS "leadId", NULL AS "touchId" FROM lead WHERE unsubscribe_token = ${token}`;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

async function findByTouch(sql: Sql, event: ProviderEvent): Promise<EventSubject | null> {
  const named = event.touchId !== null && uuid.test(event.touchId) ? event.touchId : null;
  if (named === null && event.reference === null) return null;
  const [subject] = await sql<EventSubject>`
    SELECT t.client_id AS "clientId", e.lead_id AS "leadId", t.id AS "touchId"
    FROM (
      (SELECT id, client_id, enrollment_id, 1 AS preference FROM touch WHERE id = ${named}::uuid)
      UNION ALL
      (SELECT id, client_id, enrollment_id, 2 FROM touch WHERE reference = ${event.reference} LIMIT 1)
    ) AS t JOIN enrollment e ON e.id = t.enrollment_id
    ORDER BY t.preference LIMIT 1`;
  return subject ?? null;
}

async function findByPerson(sql: Sql, event: ProviderEvent): Promise<EventSubject[]> {
  const { person } = event;
  if (person === null) return [];
  const clientId = (await senderAt(sql, event.resource))?.clientId ?? null;
  const email = person.email === undefined ? null : canonical('email', person.email);
  const phone = person.phone === undefined ? null : canonical('phone', person.phone);
  const profile = person.linkedinUrl === undefined ? null : canonical('linkedin', person.linkedinUrl);
  // One index for each way to know a person; a condition with OR would read every lead.
  return sql<EventSubject>`
    SELECT DISTINCT client_id AS "clientId", id AS "leadId", NULL AS "touchId"
    FROM (
      SELECT id, client_id FROM lead WHERE email = ${email}
      UNION ALL SELECT id, client_id FROM lead WHERE mobile = ${phone}
      UNION ALL SELECT id, client_id FROM lead WHERE phone = ${phone}
      UNION ALL SELECT id, client_id FROM lead WHERE linkedin_profile = ${profile}
    ) AS known
    WHERE client_id = coalesce(${clientId}::uuid, client_id) ORDER BY id`;
}

/** Notes whom the event is about, and locks them: two events about one lead are applied one after the other. */
export async function lockSubjects(
  sql: Sql,
  eventId: string,
  subjects: readonly EventSubject[],
): Promise<Map<string, SubjectLead>> {
  if (subjects.length === 0) return new Map();
  const leadIds = subjects.map((subject) => subject.leadId);
  const rows = await sql<Omit<SubjectLead, 'calendar'> & WorkCalendar>`
    WITH subjects AS (
      INSERT INTO event_subject (event_id, client_id, lead_id, touch_id)
      SELECT ${eventId}::uuid, s.client_id, s.lead_id, s.touch_id
      FROM unnest(${subjects.map((subject) => subject.clientId)}::uuid[], ${leadIds}::uuid[],
        ${subjects.map((subject) => subject.touchId)}::uuid[]) AS s(client_id, lead_id, touch_id)
    )
    SELECT id, client_id AS "clientId", email, mobile, linkedin_url AS "linkedinUrl", timezone,
      country_code AS "countryCode", region_code AS "regionCode", soft_bounces AS "softBounces"
    FROM lead WHERE id = ANY (${leadIds}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
  return new Map(
    rows.map(({ timezone, countryCode, regionCode, ...lead }) => [
      lead.id,
      { ...lead, calendar: { timezone, countryCode, regionCode } },
    ]),
  );
}
