import { randomUUID } from 'node:crypto';
import { limitOn, resourcesOf, type Sender } from '../../domain/limits';
import type { Channel } from '../../domain/sequence';
import { generateSequence } from '../../domain/sequence';
import type { BookingRequest } from '../../store/capacity/capacity';
import type { Database } from '../../store/database';
import { dateValue } from '../../store/dates';

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
    const data = { clientId, domainId: domain.id, address: `anna${i}@${name}.example` };
    mailboxIds.push((await database.mailbox.create({ data })).id);
  }
  const number = await database.phoneNumber.create({
    data: { clientId, number: `+6125550${Math.floor(1000 + Math.random() * 9000)}${name}`, channels: ['voice', 'sms'] },
  });
  const seat = await database.linkedInSeat.create({ data: { clientId, accountId: `seat-${name}`, name: 'Anna' } });
  const campaign = await database.campaign.create({
    data: { clientId, name: 'Campaign', targeting: {}, status: 'active', steps: { create: sequenceRows(clientId) } },
  });
  return { clientId, campaignId: campaign.id, domainId: domain.id, mailboxIds, numberId: number.id, seatId: seat.id };
}

function sequenceRows(clientId: string) {
  const steps = generateSequence(new Set<Channel>(['email', 'voice', 'linkedin', 'sms']));
  return steps.map((step) => ({ ...step, clientId }));
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
      ...{ id: lead, clientId, email: `${lead}@acme.example`, firstName: 'Jane', company: 'Acme', score: 90 },
      ...{
        mobile: `+614915701${String(i % 100).padStart(2, '0')}`,
        linkedinUrl: `https://www.linkedin.com/in/${lead}`,
      },
      ...{ timezone: 'Australia/Sydney', timezoneSource: 'hq' as const, callTimezone: 'Australia/Sydney' },
      ...{ countryCode: 'AU', regionCode: 'NSW', unsubscribeToken: lead },
    })),
  });
  await database.enrollment.createMany({
    data: people.map(({ lead, enrollment }) => ({ id: enrollment, clientId, campaignId, leadId: lead, status })),
  });
  return people.map((person) => person.enrollment);
}

/** The agency's senders of one channel, as the booking wants them. */
export function sendersOf(agency: Agency, channel: Channel, warmupStartedAt = '2025-01-01'): Sender[] {
  const ids = { email: agency.mailboxIds, voice: [agency.numberId], sms: [agency.numberId], linkedin: [agency.seatId] };
  return ids[channel].map((senderId) => ({
    id: senderId,
    resources: resourcesOf(channel, { clientId: agency.clientId, senderId, domainId: agency.domainId }),
    warmupStartedAt: channel === 'email' ? warmupStartedAt : null,
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
  const ids = { clientId, campaignId, enrollmentId, step, channel };
  return { ...ids, now: monday, admit: false, segments: windows(10), senders: sendersOf(agency, channel), ...changes };
}

/** What the counters say against what the holds say; equal lists mean that no booking was lost or counted twice. */
export async function countersAndHolds(database: Database): Promise<{ counters: unknown[]; holds: unknown[] }> {
  const counters = await database.$queryRaw<unknown[]>`
    SELECT kind::text, resource_id, day::text, booked, consumed FROM capacity_day
    WHERE booked + consumed <> 0 OR booked < 0 OR consumed < 0 ORDER BY 1, 2, 3`;
  const holds = await database.$queryRaw<unknown[]>`
    SELECT kind::text, resource_id, day::text, count(*) FILTER (WHERE state = 'booked')::int AS booked,
      count(*) FILTER (WHERE state = 'consumed')::int AS consumed
    FROM capacity_hold GROUP BY kind, resource_id, day ORDER BY 1, 2, 3`;
  return { counters, holds };
}

/** Days on which more is booked and consumed than the rules allow. */
export async function overruns(database: Database, warmupStartedAt: string): Promise<unknown[]> {
  const days = await database.capacityDay.findMany();
  return days.filter((row) => {
    const day = row.day.toISOString().slice(0, 10);
    return row.booked + row.consumed > limitOn(row.kind, day, warmupStartedAt);
  });
}
