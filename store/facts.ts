import type { LeadFacts, SenderState } from '../domain/facts';
import { resourcesOf, type Sender } from '../domain/limits';
import { channels, type Channel, type Purpose } from '../domain/sequence';
import { dateText } from './dates';
import type { Database, Transaction } from './database';
import { leadSuppressionHashes } from './suppressions';

/** One lead in one campaign: the rules' facts, and what acting on them needs beside. */
export interface LeadRecord {
  enrollmentId: string;
  clientId: string;
  campaignId: string;
  leadId: string;
  clientTimezone: string;
  facts: LeadFacts;
  /** Who may send, by channel: neither paused nor on a paused domain. Later e-mails keep step 1's mailbox (LIM-5). */
  senders: Readonly<Record<Channel, readonly Sender[]>>;
}

/** @returns null when there is no such enrollment */
export async function readLeadRecord(
  database: Database | Transaction,
  enrollmentId: string,
  secretKey: string,
): Promise<LeadRecord | null> {
  const enrollment = await database.enrollment.findUnique({
    where: { id: enrollmentId },
    include: { lead: true, touches: { orderBy: { step: 'asc' } } },
  });
  if (enrollment === null) return null;
  const { lead, touches, clientId, campaignId } = enrollment;
  const [client, campaign, suppressed, resources] = [
    await database.client.findUniqueOrThrow({ where: { id: clientId } }),
    await database.campaign.findUniqueOrThrow({
      where: { id: campaignId },
      include: { steps: { orderBy: { step: 'asc' } } },
    }),
    await readSuppressions(database, clientId, leadSuppressionHashes(secretKey, lead)),
    await readSenders(database, clientId, threadMailbox(touches)),
  ];
  const facts: LeadFacts = {
    status: enrollment.status,
    stop:
      enrollment.status === 'stopped'
        ? { reason: enrollment.stopReason ?? 'stopped', rule: enrollment.stopRule ?? 'CTL-3' }
        : null,
    campaign: campaign.status,
    steps: campaign.steps.map((step) => ({ ...step, purpose: step.purpose as Purpose })),
    touches: touches.map((touch) => ({ ...touch, sentOn: dateText(touch.sentOn) })),
    day0: dateText(enrollment.day0),
    holdUntil: dateText(enrollment.holdUntil),
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
  return {
    enrollmentId,
    clientId,
    campaignId,
    leadId: lead.id,
    clientTimezone: client.timezone,
    facts,
    senders: resources.ready,
  };
}

/** SEQ-9, LIM-5: the mailbox that the lead's e-mails come from, once one has gone out. */
function threadMailbox(touches: readonly { channel: Channel; status: string; senderId: string | null }[]) {
  const sent = touches.find(
    (touch) => touch.channel === 'email' && (touch.status === 'sent' || touch.status === 'uncertain'),
  );
  return sent?.senderId ?? null;
}

async function readSuppressions(
  database: Database | Transaction,
  clientId: string,
  hashes: readonly string[],
): Promise<LeadFacts['suppressed']> {
  const rows = await database.suppression.findMany({ where: { clientId, valueHash: { in: [...hashes] } } });
  return {
    all: rows.find((row) => row.scope === 'all')?.reason ?? null,
    email: rows.find((row) => row.scope === 'email')?.reason ?? null,
  };
}

interface ClientSenders {
  states: Record<Channel, SenderState>;
  ready: Record<Channel, Sender[]>;
}

async function readSenders(
  database: Database | Transaction,
  clientId: string,
  mailboxOfThread: string | null,
): Promise<ClientSenders> {
  const mailboxes = await database.mailbox.findMany({
    where: mailboxOfThread === null ? { clientId } : { clientId, id: mailboxOfThread },
    include: { domain: true },
  });
  const numbers = await database.phoneNumber.findMany({ where: { clientId } });
  const seats = await database.linkedInSeat.findMany({ where: { clientId } });
  const withChannel = (channel: Channel) => numbers.filter((number) => number.channels.includes(channel));
  const all: Record<Channel, { row: Resource; domain: DomainOfMailbox | null }[]> = {
    email: mailboxes.map((row) => ({ row, domain: row.domain })),
    voice: withChannel('voice').map((row) => ({ row, domain: null })),
    sms: withChannel('sms').map((row) => ({ row, domain: null })),
    linkedin: seats.map((row) => ({ row, domain: null })),
  };
  const states = {} as Record<Channel, SenderState>;
  const ready = {} as Record<Channel, Sender[]>;
  for (const channel of channels) {
    const usable = all[channel].filter(
      ({ row, domain }) => row.pausedAt === null && (domain?.pausedAt ?? null) === null,
    );
    states[channel] = usable.length > 0 ? 'ready' : all[channel].length > 0 ? 'out' : 'none';
    ready[channel] = usable.map(({ row, domain }) => ({
      id: row.id,
      resources: resourcesOf(channel, { clientId, senderId: row.id, domainId: domain?.id ?? null }),
      warmupStartedAt: domain === null ? null : dateText(domain.warmupStartedAt),
    }));
  }
  return { states, ready };
}

interface Resource {
  id: string;
  pausedAt: Date | null;
}

interface DomainOfMailbox extends Resource {
  warmupStartedAt: Date;
}
