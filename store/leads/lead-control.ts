import { canonical } from '../../domain/canonical';
import type { Prisma } from '../../prisma/generated/client';
import { transact, type Database } from '../database';
import { stopLead } from '../enrollments/stop-lead';
import type { Sql } from '../sql';
import { erasedAddress, isErasedAddress } from './leads';
import { addSuppression, personalIdentifiers, suppressionHash, type SuppressionKind } from './suppressions';

/** What a stop on request did. */
export interface StoppedOnRequest {
  /** The leads whose sequences may have been running: nothing may be on its way to them when the request is answered. */
  leadIds: string[];
  /** What is owed to workflows now. */
  outboxIds: string[];
}

/** CTL-3: stops every open sequence of a lead. @returns null when there is no such lead */
export async function stopLeadOnRequest(
  database: Database,
  owner: { clientId: string; leadId: string },
  now: Date,
): Promise<StoppedOnRequest | null> {
  return transact(database, async (sql) => {
    if ((await lockLead(sql, owner)) === null) return null;
    const stop = { reason: 'stopped by the user', rule: 'CTL-3', signal: 'leadWoken' } as const;
    const { outboxIds } = await stopLead(sql, owner.leadId, stop, now);
    return { leadIds: [owner.leadId], outboxIds };
  });
}

interface LockedLead {
  email: string;
  mobile: string | null;
  linkedinUrl: string | null;
}

/** Leads come first in the order of locks. */
async function lockLead(sql: Sql, owner: { clientId: string; leadId: string }): Promise<LockedLead | null> {
  const [lead] = await sql<LockedLead>`
    SELECT email, mobile, linkedin_url AS "linkedinUrl" FROM lead
    WHERE id = ${owner.leadId}::uuid AND client_id = ${owner.clientId}::uuid FOR NO KEY UPDATE`;
  return lead ?? null;
}

/**
 * Erases a person: stops every sequence, blanks what is personal in Lead, TouchText and InboundEvent, and keeps only
 * keyed hashes, so that the person is not contacted again if the same address is imported later. Touches stay, as ids.
 * @returns null when there is no such lead
 */
export async function eraseLead(
  database: Database,
  secretKey: string,
  owner: { clientId: string; leadId: string },
  now: Date,
): Promise<StoppedOnRequest | null> {
  const { clientId, leadId } = owner;
  return transact(database, async (sql) => {
    // Whole, not as `lockLead` does: an event that is just being stored would name this lead beside it, keep its payload,
    // and hold up the change of its address while it waits for this transaction itself.
    await sql`SELECT 1 FROM lead WHERE id = ${leadId}::uuid AND client_id = ${clientId}::uuid FOR UPDATE`;
    const lead = await lockLead(sql, owner);
    if (lead === null) return null;
    if (isErasedAddress(lead.email)) return { leadIds: [leadId], outboxIds: [] };
    const stop = { reason: 'erased on request', rule: 'CTL-3', signal: 'leadUnsubscribed' } as const;
    const { outboxIds } = await stopLead(sql, leadId, stop, now);
    for (const { kind, value } of personalIdentifiers(lead)) {
      const suppression = { clientId, kind, value, keepValue: false, scope: 'all', reason: 'erased', now } as const;
      await addSuppression(sql, secretKey, suppression);
      await sql`
        UPDATE suppression SET value = NULL
        WHERE client_id = ${clientId}::uuid AND kind = ${kind}::"SuppressionKind"
          AND value_hash = ${suppressionHash(secretKey, kind, value)}`;
    }
    await blank(sql, leadId);
    return { leadIds: [leadId], outboxIds };
  });
}

/** Removes what is personal: from the lead, from what was written to it, and from every event that it is a subject of. */
async function blank(sql: Sql, leadId: string): Promise<void> {
  await sql`
    UPDATE lead SET email = ${erasedAddress(leadId)}, first_name = NULL, last_name = NULL, title = NULL, company = NULL,
      company_domain = NULL, company_size = NULL, industry = NULL, phone = NULL, mobile = NULL, linkedin_url = NULL,
      linkedin_profile = NULL, city = NULL, state = NULL, score = NULL, field_sources = '{}', score_source = 'import',
      score_parts = NULL, email_verified = NULL, has_personal_email = NULL, role_started_on = NULL, is_hiring = NULL,
      funded_on = NULL
    WHERE id = ${leadId}::uuid`;
  await sql`DELETE FROM seat_relation WHERE lead_id = ${leadId}::uuid`;
  await sql`
    UPDATE touch_text x SET content = '{}' FROM touch t JOIN enrollment e ON e.id = t.enrollment_id
    WHERE x.touch_id = t.id AND e.lead_id = ${leadId}::uuid`;
  // That a machine opened a mail is no personal data, and MET-1 counts it apart.
  // In order: an event can be about two people who are erased at once.
  await sql`
    WITH about AS (
      SELECT v.id FROM event_subject s JOIN inbound_event v ON v.id = s.event_id WHERE s.lead_id = ${leadId}::uuid
      ORDER BY v.id FOR NO KEY UPDATE OF v
    )
    UPDATE inbound_event v SET payload = CASE WHEN payload #>> '{facts,automatic}' = 'true'
      THEN '{"facts": {"automatic": true}}' ELSE '{}' END::jsonb
    FROM about WHERE v.id = about.id`;
}

/**
 * Stops every open sequence of the leads that a new suppression is about (CTL-3, SEQ-5). The suppression itself is a
 * committed fact by then, which the gate reads.
 */
export async function stopSuppressed(
  database: Database,
  suppression: { clientId: string; kind: SuppressionKind; value: string },
  now: Date,
): Promise<StoppedOnRequest> {
  const leadIds = await leadsAbout(database, suppression);
  const stop = { reason: 'suppressed by the user', rule: 'CTL-3', signal: 'leadUnsubscribed' } as const;
  const outboxIds: string[] = [];
  for (const leadId of leadIds) {
    const stopped = await transact(database, async (sql) => {
      await lockLead(sql, { clientId: suppression.clientId, leadId });
      return stopLead(sql, leadId, stop, now);
    });
    outboxIds.push(...stopped.outboxIds);
  }
  return { leadIds, outboxIds };
}

/** The leads that a suppression is about and that are in an open sequence, or were until a touch that is still on its way. */
async function leadsAbout(
  database: Database,
  { clientId, kind, value }: { clientId: string; kind: SuppressionKind; value: string },
): Promise<string[]> {
  const wanted = canonical(kind, value);
  const open = { status: { in: ['waiting', 'active'] } } satisfies Prisma.EnrollmentWhereInput;
  const onItsWay = { touches: { some: { status: 'sending' } } } satisfies Prisma.EnrollmentWhereInput;
  const leads = await database.lead.findMany({
    where: { clientId, enrollments: { some: { OR: [open, onItsWay] } }, ...match(kind, wanted) },
    orderBy: { id: 'asc' },
    select: { id: true, email: true, companyDomain: true },
  });
  if (kind !== 'domain') return leads.map((lead) => lead.id);
  const within = (domain: string | null | undefined): boolean =>
    `.${canonical('domain', domain ?? '')}`.endsWith(`.${wanted}`);
  return leads.filter((lead) => within(lead.email.split('@')[1]) || within(lead.companyDomain)).map((lead) => lead.id);
}

/** Exact, but for domains: whether one is a parent of the other is compared afterwards. */
function match(kind: SuppressionKind, wanted: string): Prisma.LeadWhereInput {
  switch (kind) {
    case 'email':
      return { email: wanted };
    case 'domain':
      return { OR: [{ email: { endsWith: wanted } }, { companyDomain: { contains: wanted, mode: 'insensitive' } }] };
    case 'phone':
      return { OR: [{ phone: wanted }, { mobile: wanted }] };
    case 'linkedin':
      return { linkedinProfile: wanted };
  }
}
