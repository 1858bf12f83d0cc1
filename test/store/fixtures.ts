import type { LeadDraft } from '../../store/leads/lead-draft';
import { randomUUID } from 'node:crypto';
import { channels, formsOf, type Channel } from '../../domain/channels';
import type { SenderKind } from '../../domain/channels/channel-rules';
import { limits, limitsOf, maximumOn, type Sender } from '../../domain/limits';
import { generateSequence } from '../../domain/sequence';
import { providersOf } from '../../providers';
import type { BookingRequest, DayAllowance } from '../../store/capacity/book';
import type { Database } from '../../store/database';
import { dateValue } from '../../store/dates';
import { accountId } from '../../store/senders/account';
import { presentCredits } from '../../store/tenants/credits';

export const secretKey = 'a key for tests that is long enough';

/** Monday 2026-03-02, 11:00 in Sydney. */
export const monday = new Date('2026-03-02T00:00:00Z');

export interface Agency {
  clientId: string;
  campaignId: string;
  domainId: string;
  mailboxIds: string[];
  numberId: string;
  seatId: string;
}

/** A client in Sydney with an active campaign on the default sequence and one of everything to send with. */
export async function createAgency(
  database: Database,
  options: { mailboxes?: number; warmupStartedAt?: string } = {},
): Promise<Agency> {
  const name = randomUUID().slice(0, 8);
  const client = await database.client.create({
    data: { name, timezone: 'Australia/Sydney', country: 'AU', region: 'NSW', tier: 'velocity', senderName: 'Anna' },
  });
  const clientId = client.id;
  const domain = await database.sendingDomain.create({
    data: { clientId, name: `${name}.example`, warmupStartedAt: dateValue(options.warmupStartedAt ?? '2025-01-01') },
  });
  const mailboxIds: string[] = [];
  for (let i = 0; i < (options.mailboxes ?? 1); i += 1) {
    const mailbox = { address: `anna${i}@${name}.example`, domainId: domain.id };
    mailboxIds.push(await createTestSender(database, clientId, { kind: 'mailbox', channels: ['email'], ...mailbox }));
  }
  const numberId = await createTestSender(database, clientId, {
    kind: 'phone_number',
    channels: ['voice', 'sms'],
    address: `+6125550${Math.floor(10_000_000 + Math.random() * 89_999_999)}`,
  });
  const seatId = await createTestSender(database, clientId, {
    kind: 'linkedin_seat',
    channels: ['linkedin'],
    address: `seat-${name}`,
  });
  const campaign = await database.campaign.create({
    data: {
      clientId,
      name: 'Campaign',
      targeting: {},
      status: 'active',
      activatedAt: new Date(monday.getTime() - 86_400_000),
      steps: { create: generateSequence(new Set(channels)) },
    },
  });
  await presentCredits(database.sql, clientId, monday);
  return { clientId, campaignId: campaign.id, domainId: domain.id, mailboxIds, numberId, seatId };
}

/** A day that admits whoever comes. */
export const anyNumber: DayAllowance = { since: new Date('2026-03-01T13:00:00Z'), atMost: 1_000_000 };

/** A sender through the first provider of each of its channels; returns its id. */
export async function createTestSender(
  database: Database,
  clientId: string,
  sender: { kind: SenderKind; address: string; channels: readonly Channel[]; domainId?: string },
): Promise<string> {
  const { kind, address, domainId } = sender;
  const { id } = await database.sender.create({ data: { clientId, kind, address, name: null } });
  const uses = sender.channels.map((channel) => ({ channel, provider: providersOf(channel)[0] ?? '' }));
  await database.senderChannel.createMany({ data: uses.map((use) => ({ senderId: id, clientId, ...use })) });
  if (domainId !== undefined) await database.mailbox.create({ data: { senderId: id, clientId, domainId } });
  return id;
}

/** Leads in Sydney, reachable on every channel, with their enrollments; returns the enrollments' ids. */
export async function createLeads(
  database: Database,
  agency: Agency,
  count: number,
  status: 'active' | 'waiting' = 'active',
): Promise<string[]> {
  const people = Array.from({ length: count }, () => ({ lead: randomUUID(), enrollment: randomUUID() }));
  const { clientId, campaignId } = agency;
  await database.lead.createMany({
    data: people.map(({ lead }, i) => ({
      id: lead,
      clientId,
      email: `${lead}@acme.example`,
      firstName: 'Jane',
      company: 'Acme',
      score: 90,
      mobile: `+614915701${String(i % 100).padStart(2, '0')}`,
      linkedinUrl: `https://www.linkedin.com/in/${lead}`,
      linkedinProfile: `linkedin.com/in/${lead}`,
      timezone: 'Australia/Sydney',
      timezoneSource: 'hq' as const,
      callTimezone: 'Australia/Sydney',
      countryCode: 'AU',
      regionCode: 'NSW',
      unsubscribeToken: lead,
    })),
  });
  const admittedAt = status === 'active' ? monday : null;
  await database.enrollment.createMany({
    data: people.map(({ lead, enrollment }) => ({
      id: enrollment,
      clientId,
      campaignId,
      leadId: lead,
      status,
      admittedAt,
    })),
  });
  return people.map((person) => person.enrollment);
}

/** The agency's senders of one channel, as the booking wants them. */
export function sendersOf(agency: Agency, channel: Channel, warmupStartedAt = '2025-01-01'): Sender[] {
  const { clientId, domainId, mailboxIds, numberId, seatId } = agency;
  const of: Record<Channel, [SenderKind, string[]]> = {
    email: ['mailbox', mailboxIds],
    voice: ['phone_number', [numberId]],
    sms: ['phone_number', [numberId]],
    linkedin: ['linkedin_seat', [seatId]],
  };
  const [kind, ids] = of[channel];
  return ids.map((id) => ({
    id,
    resources: [
      { kind: 'client', id: clientId },
      ...(channel === 'email' ? [{ kind: 'domain' as const, id: domainId, warmupStartedAt }] : []),
      { kind, id },
      { kind: 'account', id: accountId(providersOf(channel)[0] ?? '') },
    ],
  }));
}

/** One whole window in Sydney per day, from 2026-03-03 on. */
export function windows(days: number): BookingRequest['segments'] {
  return Array.from({ length: days }, (_, i) => {
    const day = new Date(Date.UTC(2026, 2, 3 + i)).toISOString().slice(0, 10);
    const from = new Date(Date.UTC(2026, 2, 2 + i, 22, 0, 0));
    return { day, from, to: new Date(from.getTime() + 2 * 3_600_000 - 90_000) };
  });
}

export function bookingOf(
  agency: Agency,
  enrollmentId: string,
  channel: Channel,
  changes: Partial<BookingRequest> = {},
): BookingRequest {
  const { clientId, campaignId } = agency;
  const step = { email: 1, voice: 2, linkedin: 3, sms: 5 }[channel];
  const ids = { clientId, campaignId, enrollmentId, step, channel, form: formsOf(channel)[0] };
  return { ...ids, now: monday, admit: null, segments: windows(10), senders: sendersOf(agency, channel), ...changes };
}

/** What the counters say against what the holds say; equal lists mean that no booking was lost or counted twice. */
export async function countersAndHolds(database: Database): Promise<{ counters: unknown[]; holds: unknown[] }> {
  const counters = await database.$queryRaw<unknown[]>`
    SELECT counter, resource_id, period::text, starts_on::text, booked, consumed FROM capacity_counter
    WHERE booked + consumed <> 0 ORDER BY 1, 2, 3, 4`;
  const holds = await database.$queryRaw<unknown[]>`
    SELECT counter, resource_id, period::text, starts_on::text, count(*) FILTER (WHERE state = 'booked')::int AS booked,
      count(*) FILTER (WHERE state = 'consumed')::int AS consumed
    FROM capacity_hold WHERE period <> 'now' GROUP BY counter, resource_id, period, starts_on ORDER BY 1, 2, 3, 4`;
  return { counters, holds };
}

/** Days on which more is booked and consumed than the rules allow. */
export async function overruns(database: Database, warmupStartedAt: string): Promise<unknown[]> {
  const rows = await database.capacityCounter.findMany({ where: { period: 'day' } });
  return rows.filter((row) => {
    const day = row.startsOn.toISOString().slice(0, 10);
    const of = limits.find(({ counter, period }) => counter === row.counter && period === 'day');
    const resource = { kind: of?.resource ?? 'client', id: row.resourceId, warmupStartedAt };
    const limit = limitsOf(of?.counts ?? 'email', [resource]).find(({ counter }) => counter === row.counter);
    return limit === undefined || row.booked + row.consumed > maximumOn(limit, day);
  });
}

/** An agency's campaign, as moves name it. */
export const campaignOf = ({ clientId, campaignId }: Agency) => ({ clientId, id: campaignId });

/** A lead as an import brings it. */
export const draftOf = (email: string, changes: Partial<LeadDraft> = {}): LeadDraft => ({
  row: 1,
  email,
  firstName: 'Jane',
  lastName: null,
  title: null,
  company: 'Acme',
  companyDomain: null,
  companySize: null,
  industry: null,
  phone: null,
  mobile: null,
  linkedinUrl: null,
  city: null,
  state: null,
  country: 'AU',
  timezone: null,
  score: 50,
  ...changes,
});
