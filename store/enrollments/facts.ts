import type { LeadFacts, SenderState, TouchFacts } from '../../domain/facts';
import { resourcesOf, type Sender } from '../../domain/limits';
import type { LocalDate } from '../../domain/local-date';
import { channels, type Channel, type SequenceStep } from '../../domain/sequence';
import type { Database, Transaction } from '../database';
import { leadSuppressionHashes, type SuppressiblePerson } from '../leads/suppressions';

/** One lead in one campaign: the rules' facts, and what acting on them needs beside. */
export interface LeadRecord {
  enrollmentId: string;
  clientId: string;
  campaignId: string;
  leadId: string;
  clientTimezone: string;
  facts: LeadFacts;
  /** The slot that a planned step has already. */
  slots: ReadonlyMap<number, { touchId: string; slotAt: Date }>;
  /** Who may send, by channel: neither paused nor on a paused domain. Later e-mails keep step 1's mailbox (LIM-5). */
  senders: Readonly<Record<Channel, readonly Sender[]>>;
}

/**
 * Reads everything that the rules want to know, in two round trips: it stands before every plan and inside every gate.
 * @returns null when there is no such enrollment
 */
export async function readLeadRecord(
  database: Database | Transaction,
  enrollmentId: string,
  secretKey: string,
): Promise<LeadRecord | null> {
  const row = await readRow(database, enrollmentId);
  if (row === null) return null;
  const { lead, clientId } = row;
  const suppressed = await readSuppressions(database, clientId, leadSuppressionHashes(secretKey, lead));
  const resources = sendersByChannel(clientId, row);
  const facts: LeadFacts = {
    status: row.status,
    stop: row.status === 'stopped' ? { reason: row.stopReason ?? 'stopped', rule: row.stopRule ?? 'CTL-3' } : null,
    campaign: row.campaignStatus,
    steps: row.steps,
    touches: row.touches,
    day0: row.day0,
    holdUntil: row.holdUntil,
    calendar: { timezone: lead.timezone, countryCode: lead.countryCode, regionCode: lead.regionCode },
    callTimezone: lead.callTimezone,
    score: lead.score,
    contact: {
      email: lead.email !== '',
      callable: lead.mobile !== null || lead.phone !== null,
      mobile: lead.mobile !== null,
      linkedin: lead.linkedinUrl !== null,
    },
    suppressed,
    senders: resources.states,
  };
  const { campaignId, clientTimezone } = row;
  const ids = { enrollmentId, clientId, campaignId, leadId: lead.id };
  return { ...ids, clientTimezone, facts, slots: slotsOf(row), senders: resources.ready };
}

interface PlannedSlot {
  id: string;
  /** ISO 8601. */
  slotAt: string | null;
}

interface RecordRow {
  clientId: string;
  campaignId: string;
  clientTimezone: string;
  campaignStatus: LeadFacts['campaign'];
  status: LeadFacts['status'];
  stopReason: string | null;
  stopRule: string | null;
  day0: LocalDate | null;
  holdUntil: LocalDate | null;
  lead: SuppressiblePerson & {
    id: string;
    timezone: string;
    callTimezone: string;
    countryCode: string | null;
    regionCode: string | null;
    score: number | null;
  };
  steps: SequenceStep[];
  touches: (TouchFacts & PlannedSlot & { senderId: string | null })[];
  mailboxes: (ResourceRow & { domainId: string; warmupStartedAt: LocalDate })[];
  numbers: (ResourceRow & { channels: Channel[] })[];
  seats: ResourceRow[];
}

interface ResourceRow {
  id: string;
  paused: boolean;
}

async function readRow(database: Database | Transaction, enrollmentId: string): Promise<RecordRow | null> {
  const [found] = await database.$queryRaw<{ row: RecordRow }[]>`
    SELECT json_build_object(
      'clientId', e.client_id, 'campaignId', e.campaign_id, 'clientTimezone', c.timezone, 'campaignStatus', k.status,
      'status', e.status, 'stopReason', e.stop_reason, 'stopRule', e.stop_rule, 'day0', e.day0,
      'holdUntil', e.hold_until,
      'lead', json_build_object('id', l.id, 'email', l.email, 'companyDomain', l.company_domain, 'phone', l.phone,
        'mobile', l.mobile, 'linkedinUrl', l.linkedin_url, 'timezone', l.timezone, 'callTimezone', l.call_timezone,
        'countryCode', l.country_code, 'regionCode', l.region_code, 'score', l.score),
      'steps', (SELECT coalesce(json_agg(json_build_object('step', s.step, 'day', s.day, 'channel', s.channel,
          'purpose', s.purpose, 'replaces', s.replaces) ORDER BY s.step), '[]')
        FROM campaign_step s WHERE s.campaign_id = e.campaign_id),
      'touches', (SELECT coalesce(json_agg(json_build_object('id', t.id, 'slotAt', t.slot_at, 'step', t.step, 'channel', t.channel, 'status', t.status,
          'sentOn', t.sent_on, 'daysWaited', t.days_waited, 'waitedOn', t.waited_on,
          'textFailures', t.text_failures, 'senderId', t.sender_id)
          ORDER BY t.step), '[]')
        FROM touch t WHERE t.enrollment_id = e.id),
      'mailboxes', (SELECT coalesce(json_agg(json_build_object('id', m.id, 'domainId', d.id,
          'warmupStartedAt', d.warmup_started_at, 'paused', m.paused_at IS NOT NULL OR d.paused_at IS NOT NULL)), '[]')
        FROM mailbox m JOIN sending_domain d ON d.id = m.domain_id WHERE m.client_id = e.client_id),
      'numbers', (SELECT coalesce(json_agg(json_build_object('id', p.id, 'channels', p.channels,
          'paused', p.paused_at IS NOT NULL)), '[]')
        FROM phone_number p WHERE p.client_id = e.client_id),
      'seats', (SELECT coalesce(json_agg(json_build_object('id', n.id, 'paused', n.paused_at IS NOT NULL)), '[]')
        FROM linkedin_seat n WHERE n.client_id = e.client_id)
    ) AS row
    FROM enrollment e JOIN lead l ON l.id = e.lead_id JOIN client c ON c.id = e.client_id
      JOIN campaign k ON k.id = e.campaign_id
    WHERE e.id = ${enrollmentId}::uuid`;
  return found?.row ?? null;
}

function slotsOf(row: RecordRow): LeadRecord['slots'] {
  const planned = row.touches.flatMap(({ id, step, status, slotAt }) =>
    status === 'planned' && slotAt !== null ? [[step, { touchId: id, slotAt: new Date(slotAt) }] as const] : [],
  );
  return new Map(planned);
}

async function readSuppressions(
  database: Database | Transaction,
  clientId: string,
  hashes: readonly string[],
): Promise<LeadFacts['suppressed']> {
  const rows = await database.$queryRaw<{ scope: 'all' | 'email'; reason: string }[]>`
    SELECT scope::text AS scope, reason FROM suppression
    WHERE client_id = ${clientId}::uuid AND value_hash = ANY (${hashes}::text[])`;
  return {
    all: rows.find((row) => row.scope === 'all')?.reason ?? null,
    email: rows.find((row) => row.scope === 'email')?.reason ?? null,
  };
}

interface SendersByChannel {
  states: Record<Channel, SenderState>;
  ready: Record<Channel, Sender[]>;
}

function sendersByChannel(clientId: string, row: RecordRow): SendersByChannel {
  const threadMailbox = mailboxOfThread(row);
  const all: Record<Channel, (ResourceRow & { domainId?: string; warmupStartedAt?: LocalDate })[]> = {
    email: row.mailboxes.filter((mailbox) => threadMailbox === null || mailbox.id === threadMailbox),
    voice: row.numbers.filter((number) => number.channels.includes('voice')),
    sms: row.numbers.filter((number) => number.channels.includes('sms')),
    linkedin: row.seats,
  };
  const states = {} as Record<Channel, SenderState>;
  const ready = {} as Record<Channel, Sender[]>;
  for (const channel of channels) {
    const usable = all[channel].filter((resource) => !resource.paused);
    states[channel] = usable.length > 0 ? 'ready' : all[channel].length > 0 ? 'out' : 'none';
    ready[channel] = usable.map(({ id, domainId = null, warmupStartedAt = null }) => ({
      id,
      resources: resourcesOf(channel, { clientId, senderId: id, domainId }),
      warmupStartedAt,
    }));
  }
  return { states, ready };
}

/** SEQ-9, LIM-5: the mailbox that the lead's e-mails come from, once one has gone out. */
function mailboxOfThread(row: RecordRow): string | null {
  const sent = row.touches.find(
    ({ channel, status }) => channel === 'email' && (status === 'sent' || status === 'uncertain'),
  );
  return sent?.senderId ?? null;
}
