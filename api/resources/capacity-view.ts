import { localDate, type LocalDate } from '../../domain/calendar/local-date';
import { channels, countsOf, countsOn, formsOf, type Channel } from '../../domain/channels';
import { limits, limitsOf, type Counted, type Resource } from '../../domain/limits';
import { readLimitUse, type LimitUse } from '../../store/capacity/counters';
import { holdsAt, type PauseRecord } from '../../store/senders/pauses';
import { readClient } from '../../store/tenants/clients';
import type { ApiDeps } from '../ports';
import { isoOf, isoOrNull } from '../schemas/basics';

/** Now, and the client's calendar, where the limits count (LIM). */
export async function clientCalendar(
  { database, clock }: ApiDeps,
  clientId: string,
): Promise<{ now: Date; timezone: string; today: LocalDate }> {
  const { timezone } = await readClient(database, clientId);
  const now = await clock.now();
  return { now, timezone, today: localDate(now, timezone) };
}

/** Today on the client's calendar. */
export const clientToday = async (deps: ApiDeps, clientId: string): Promise<LocalDate> =>
  (await clientCalendar(deps, clientId)).today;

/** What the limits of many resources say today, by resource. @param resources with what each is used for */
export async function limitUses(
  deps: ApiDeps,
  today: LocalDate,
  resources: readonly { resource: Resource; counts: readonly Counted[] }[],
): Promise<Map<string, LimitUse[]>> {
  const asked = resources.flatMap(({ resource, counts }) => counts.flatMap((counted) => limitsOf(counted, [resource])));
  const uses = await readLimitUse(deps.database.sql, today, asked);
  return new Map(resources.map(({ resource: { id } }) => [id, uses.filter((use) => use.resourceId === id)]));
}

/** What a resource is counted for: what its channels count, and what no channel counts yet. */
export function countedFor(kind: Resource['kind'], used: readonly Counted[]): Counted[] {
  const byChannels: readonly Counted[] = channels.flatMap(countsOn);
  const all = limits.filter((limit) => limit.resource === kind).map((limit) => limit.counts);
  return [...new Set(all)].filter((counted) => used.includes(counted) || !byChannels.includes(counted));
}

/** What a channel's touches are first of all: what a sender shows as its limit. */
export const mainCount = (channel: Channel): Counted[] => countsOf(formsOf(channel)[0]).slice(0, 1);

/** limit, booked and consumed of today, summed over the day's limits of what the resource is used for. */
export function todaysUse(uses: readonly LimitUse[], used: readonly Counted[]) {
  const counters = limits.filter((limit) => limit.period === 'day' && used.includes(limit.counts));
  const today = uses.filter((use) => use.period === 'day' && counters.some(({ counter }) => counter === use.counter));
  const sum = (part: 'limit' | 'booked' | 'consumed'): number => today.reduce((total, use) => total + use[part], 0);
  return { limit: sum('limit'), booked: sum('booked'), consumed: sum('consumed') };
}

/** Every limit of a resource as it is shown. */
export const limitViews = (uses: readonly LimitUse[]) =>
  uses.map(({ counter, period, limit, booked, consumed }) => ({ counter, period, limit, booked, consumed }));

/** HLTH-4: health is a domain's; of anything else no rate is measured. */
const unmeasured = {
  bounceRate: 'not measured',
  complaintRate: 'not measured',
  unsubscribeRate: 'not measured',
} as const;

/** What is alike for everything that can be paused. A pause that has ended by itself is none. */
export function stateView(row: { pauses: readonly PauseRecord[]; createdAt: Date }, now: Date) {
  const pauses = row.pauses.filter((pause) => holdsAt(pause, now));
  const [first] = pauses;
  return {
    pausedAt: isoOrNull(first?.since ?? null),
    pauseReason: first?.detail ?? null,
    pauses: pauses.map(({ reason, detail, since, until }) => ({
      reason,
      detail,
      since: isoOf(since),
      until: isoOrNull(until),
    })),
    createdAt: isoOf(row.createdAt),
    health: { status: first === undefined ? ('sending' as const) : ('paused' as const), ...unmeasured },
  };
}
