import type { EmailStatus } from '../../domain/address-check';
import type { LocalDate } from '../../domain/calendar/local-date';
import { countryOfNumber, zonesBesides } from '../../domain/calendar/number-zones';
import { formNamed, type Channel, type TouchForm } from '../../domain/channels';
import type { Because, EnrollmentFacts, FinishedStep, TouchFacts } from '../../domain/facts';
import type { Counted, Sender } from '../../domain/limits';
import type { Outage } from '../../domain/outages';
import type { SequenceStep } from '../../domain/sequence';
import { leadSuppressionHashes, type SuppressiblePerson } from '../leads/suppressions';
import type { Sql } from '../sql';
import { networkOf, sendersByChannel, type RelationRow, type SenderRow } from './who-sends';

/** One lead in one campaign: the rules' facts, and what acting on them needs beside. */
export interface EnrollmentRecord {
  enrollmentId: string;
  clientId: string;
  campaignId: string;
  leadId: string;
  clientTimezone: string;
  /** Has it moved from a custom sequence to the default one (MIG-2)? Nothing is written that was decided before that. */
  moved: boolean;
  facts: EnrollmentFacts;
  /** The slot that a planned step has already. */
  slots: ReadonlyMap<number, { touchId: string; slotAt: Date; form: TouchForm }>;
  /** What earlier attempts at a planned step have done for good, by step. */
  done: ReadonlyMap<number, readonly Counted[]>;
  /**
   * Who may send, by channel: neither paused nor on a paused domain. Later e-mails keep step 1's mailbox (LIM-5), and
   * whoever is connected hears from the seat that they are connected with.
   */
  senders: Readonly<Record<Channel, readonly Sender[]>>;
  /** When they may: at once, or when the first of those that all rest is back. */
  readyFrom: Readonly<Record<Channel, Date>>;
  /** Senders whose provider does not answer them now. */
  outages: Readonly<Record<Channel, readonly (Outage & { senderId: string })[]>>;
}

/**
 * Reads everything that the rules want to know, in two round trips: it stands before every plan and inside every gate.
 * @returns null when there is no such enrollment
 */
export async function readEnrollment(
  sql: Sql,
  enrollmentId: string,
  secretKey: string,
  now: Date,
): Promise<EnrollmentRecord | null> {
  const row = await readRow(sql, enrollmentId);
  if (row === null) return null;
  const { lead, clientId, campaignId, clientTimezone } = row;
  const suppressed = await readSuppressions(sql, clientId, leadSuppressionHashes(secretKey, lead));
  const senders = sendersByChannel(row, now);
  return {
    enrollmentId,
    clientId,
    campaignId,
    leadId: lead.id,
    clientTimezone,
    moved: row.moved,
    facts: factsOf(row, suppressed, senders.states),
    slots: slotsOf(row),
    done: new Map(row.touches.map((touch) => [touch.step, doneOf(touch)])),
    senders: senders.ready,
    readyFrom: senders.readyFrom,
    outages: senders.outages,
  };
}

/** What earlier attempts of a touch have done for good: it is not done, or counted, again. */
export const doneOf = ({ isLooked }: { isLooked: boolean }): readonly Counted[] => (isLooked ? ['profileView'] : []);

/** Why this sender sends nothing now, where its provider does not answer it (TRUTH-3); null: for another reason. */
export function outageOf({ outages }: EnrollmentRecord, channel: Channel, senderId: string | null): Because | null {
  const outage = outages[channel].find((each) => each.senderId === senderId);
  if (outage === undefined) return null;
  const { provider, error, failures } = outage;
  const [since, retryAt] = [new Date(outage.since).toISOString(), new Date(outage.retryAt).toISOString()];
  return {
    reason: `${provider} does not answer: ${error}`,
    rule: 'SEQ-7',
    numbers: { error, failures, since, retryAt },
  };
}

/** Who may send at this very instant. */
export const readyAt = ({ senders, readyFrom }: EnrollmentRecord, channel: Channel, now: Date): readonly Sender[] =>
  readyFrom[channel] <= now ? senders[channel] : [];

function factsOf(
  row: EnrollmentRow,
  suppressed: EnrollmentFacts['suppressed'],
  senders: EnrollmentFacts['senders'],
): EnrollmentFacts {
  const { lead } = row;
  return {
    status: row.status,
    stop: row.status === 'stopped' ? { reason: row.stopReason ?? 'stopped', rule: row.stopRule ?? 'CTL-3' } : null,
    campaign: row.campaignStatus,
    steps: row.steps,
    touches: row.touches,
    finishedBefore: row.finishedBefore,
    fromStep: row.fromStep,
    day0: row.day0,
    holdUntil: row.holdUntil,
    calendar: { timezone: lead.timezone, countryCode: lead.countryCode, regionCode: lead.regionCode },
    callTimezone: lead.callTimezone,
    ...numberFactsOf(lead),
    score: lead.score,
    contact: {
      email: lead.email !== '',
      callable: lead.mobile !== null || lead.phone !== null,
      mobile: lead.mobile !== null,
      linkedin: lead.linkedinUrl !== null,
    },
    emailStatus: lead.emailStatus,
    suppressed,
    network: networkOf(row),
    senders,
  };
}

/** Of the number that is called: the mobile, which gets the texts too, else the phone. */
function numberFactsOf(lead: EnrollmentRow['lead']): Pick<EnrollmentFacts, 'numberZones' | 'numberCountry'> {
  const number = lead.mobile ?? lead.phone;
  if (number === null) return { numberZones: [], numberCountry: null };
  return {
    numberZones: lead.callTimezone === null ? [] : zonesBesides(number, lead.callTimezone),
    // Asked for where it counts alone: it costs time.
    numberCountry: lead.countryCode === null ? countryOfNumber(number) : null,
  };
}

interface EnrollmentRow {
  clientId: string;
  campaignId: string;
  clientTimezone: string;
  campaignStatus: EnrollmentFacts['campaign'];
  status: EnrollmentFacts['status'];
  stopReason: string | null;
  stopRule: string | null;
  day0: LocalDate | null;
  holdUntil: LocalDate | null;
  fromStep: number;
  moved: boolean;
  finishedBefore: FinishedStep[];
  lead: SuppressiblePerson & {
    id: string;
    timezone: string;
    callTimezone: string | null;
    countryCode: string | null;
    regionCode: string | null;
    score: number | null;
    emailStatus: EmailStatus;
  };
  steps: SequenceStep[];
  touches: (TouchFacts & {
    id: string;
    /** ISO 8601. */
    slotAt: string | null;
    senderId: string | null;
    form: string | null;
    isLooked: boolean;
  })[];
  senders: SenderRow[];
  relations: RelationRow[];
}

async function readRow(sql: Sql, enrollmentId: string): Promise<EnrollmentRow | null> {
  const [found] = await sql<{ row: EnrollmentRow }>`
    SELECT json_build_object(
      'clientId', e.client_id, 'campaignId', e.campaign_id, 'clientTimezone', c.timezone, 'campaignStatus', k.status,
      'status', e.status, 'stopReason', e.stop_reason, 'stopRule', e.stop_rule, 'day0', e.day0,
      'holdUntil', e.hold_until, 'fromStep', e.from_step, 'moved', e.moved_at IS NOT NULL,
      'lead', json_build_object('id', l.id, 'email', l.email, 'companyDomain', l.company_domain, 'phone', l.phone,
        'mobile', l.mobile, 'linkedinUrl', l.linkedin_url, 'timezone', l.timezone, 'callTimezone', l.call_timezone,
        'countryCode', l.country_code, 'regionCode', l.region_code, 'score', l.score,
        'emailStatus', l.email_status),
      'steps', (SELECT coalesce(json_agg(json_build_object('step', s.step, 'day', s.day, 'channel', s.channel,
          'purpose', s.purpose, 'replaces', s.replaces) ORDER BY s.step), '[]')
        FROM campaign_step s WHERE s.campaign_id = e.campaign_id),
      'finishedBefore', (SELECT coalesce(json_agg(json_build_object('step', f.step, 'channel', f.channel,
          'doneOn', f.done_on) ORDER BY f.step), '[]')
        FROM finished_step f WHERE f.enrollment_id = e.id),
      'touches', (SELECT coalesce(json_agg(json_build_object('id', t.id, 'slotAt', t.slot_at, 'step', t.step,
          'channel', t.channel, 'status', t.status, 'sentOn', t.sent_on, 'daysWaited', t.days_waited,
          'waitedOn', t.waited_on, 'textFailures', t.text_failures, 'senderId', t.sender_id, 'form', t.form,
          'isLooked', t.looked_at IS NOT NULL) ORDER BY t.step), '[]')
        FROM touch t WHERE t.enrollment_id = e.id),
      'senders', (SELECT coalesce(json_agg(json_build_object('id', s.id, 'kind', s.kind, 'channel', x.channel,
          'provider', x.provider,
          'paused', EXISTS (SELECT 1 FROM pause p WHERE p.sender_id = s.id AND p.until IS NULL)
            OR EXISTS (SELECT 1 FROM pause p WHERE p.domain_id = m.domain_id),
          'restedUntil', s.rested_until,
          'outage', CASE WHEN x.down_since IS NOT NULL THEN json_build_object('provider', x.provider, 'error', x.failure,
            'since', x.down_since, 'retryAt', x.retry_at, 'failures', x.failures) END,
          'domain', CASE WHEN d.id IS NOT NULL
            THEN json_build_object('id', d.id, 'warmupStartedAt', d.warmup_started_at,
              'isHalved', d.halved_since IS NOT NULL) END)), '[]')
        FROM sender s JOIN sender_channel x ON x.sender_id = s.id
          LEFT JOIN mailbox m ON m.sender_id = s.id LEFT JOIN sending_domain d ON d.id = m.domain_id
        WHERE s.client_id = e.client_id),
      'relations', (SELECT coalesce(json_agg(json_build_object('senderId', r.sender_id, 'state', r.state)), '[]')
        FROM lead o JOIN seat_relation r ON r.lead_id = o.id
        WHERE o.linkedin_profile = l.linkedin_profile AND o.client_id = e.client_id)
    ) AS row
    FROM enrollment e JOIN lead l ON l.id = e.lead_id JOIN client c ON c.id = e.client_id
      JOIN campaign k ON k.id = e.campaign_id
    WHERE e.id = ${enrollmentId}::uuid`;
  return found?.row ?? null;
}

function slotsOf(row: EnrollmentRow): EnrollmentRecord['slots'] {
  const planned = row.touches.flatMap(({ id, step, channel, form, status, slotAt }) =>
    status === 'planned' && slotAt !== null
      ? [[step, { touchId: id, slotAt: new Date(slotAt), form: formNamed(channel, form) }] as const]
      : [],
  );
  return new Map(planned);
}

async function readSuppressions(
  sql: Sql,
  clientId: string,
  hashes: readonly string[],
): Promise<EnrollmentFacts['suppressed']> {
  const rows = await sql<{ scope: 'all' | 'email'; reason: string }>`
    SELECT scope, reason FROM suppression WHERE client_id = ${clientId}::uuid AND value_hash = ANY (${hashes}::text[])`;
  return {
    all: rows.find((row) => row.scope === 'all')?.reason ?? null,
    email: rows.find((row) => row.scope === 'email')?.reason ?? null,
  };
}
