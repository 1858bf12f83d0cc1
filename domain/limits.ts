import type { LocalDate } from './calendar/local-date';
import { addDays } from './calendar/local-date';
import { windowEndHour, windowStartHour } from './calendar/send-window';
import { halved } from './health';
import { warmUpStages } from './warm-up';

/** What limits belong to. account: the account at the provider, whoever of our clients uses it. */
export type ResourceKind = 'account' | 'client' | 'domain' | 'mailbox' | 'phone_number' | 'linkedin_seat';

/** What is counted. A channel says what its touches count as, by form. */
export type Counted = 'email' | 'call' | 'sms' | 'invitation' | 'message' | 'profileView';

/**
 * When the count begins anew. day, month: of the client's calendar. sevenDays: any seven days in a row, summed from the
 * counter's days. now: what is going on at this moment.
 */
export type Period = 'now' | 'day' | 'sevenDays' | 'month';

/** One row of the LIM table. */
export interface Limit {
  /** The counter's name in the database and in reports. A day's and its seven days' share one. */
  counter: string;
  resource: ResourceKind;
  counts: Counted;
  period: Period;
  /** 'warm-up': the stage of the domain's warm-up on that date decides (WARM), and its health (HLTH). */
  maximum: number | 'warm-up';
  /** Period now: how long one of them lasts, in seconds. */
  lastsSeconds?: number;
}

/** The LIM table: a call's length in seconds, enforced by the carrier. */
export const callSeconds = 120;
/** The carrier stops ringing after this long. A ringing call holds its line as well. In seconds. */
export const ringSeconds = 30;

/** The LIM table. Booking, claiming and showing follow from it: a new limit is a new row. */
export const limits: readonly Limit[] = [
  { counter: 'client_email', resource: 'client', counts: 'email', period: 'day', maximum: 200 },
  { counter: 'domain', resource: 'domain', counts: 'email', period: 'day', maximum: 'warm-up' },
  { counter: 'mailbox', resource: 'mailbox', counts: 'email', period: 'day', maximum: 100 },
  { counter: 'number_voice', resource: 'phone_number', counts: 'call', period: 'day', maximum: 50 },
  {
    counter: 'account_calls',
    resource: 'account',
    counts: 'call',
    period: 'now',
    maximum: 5,
    lastsSeconds: ringSeconds + callSeconds,
  },
  { counter: 'seat_invitations', resource: 'linkedin_seat', counts: 'invitation', period: 'day', maximum: 20 },
  { counter: 'seat_invitations', resource: 'linkedin_seat', counts: 'invitation', period: 'sevenDays', maximum: 100 },
  { counter: 'seat_messages', resource: 'linkedin_seat', counts: 'message', period: 'day', maximum: 50 },
  { counter: 'seat_profile_views', resource: 'linkedin_seat', counts: 'profileView', period: 'day', maximum: 100 },
  { counter: 'number_sms', resource: 'phone_number', counts: 'sms', period: 'day', maximum: 100 },
  { counter: 'client_sms', resource: 'client', counts: 'sms', period: 'day', maximum: 200 },
];

/** TIME-6: seconds between two touches of one mailbox, number or seat. */
export const spacingSeconds = 120;
/** Slots are booked, and claimed, further apart, so that the way to the provider cannot eat the two minutes. */
export const bookedSpacingSeconds = 150;
export const claimedSpacingSeconds = 130;

/** How far ahead a day with room is looked for, in days. */
const freeDaysAhead = 90;

/** The first client-local day on which a limit has room; null: none within three months. @param usedOn by day */
export function firstFreeDay(
  limit: Pick<ResourceLimit, 'stages'>,
  usedOn: ReadonlyMap<LocalDate, number>,
  today: LocalDate,
): LocalDate | null {
  for (let ahead = 0; ahead < freeDaysAhead; ahead += 1) {
    const day = addDays(today, ahead);
    if ((usedOn.get(day) ?? 0) < maximumOn(limit, day)) return day;
  }
  return null;
}

/** TIME-1, TIME-6: how many touches so many senders can make in one window at most, however high their limits are. */
export const windowCarries = (senders: number): number =>
  senders * Math.floor(((windowEndHour - windowStartHour) * 3600) / bookedSpacingSeconds);

/** Something that limits belong to, with what its maximum depends on. */
export interface Resource {
  kind: ResourceKind;
  id: string;
  /** A domain's: client-local date on which its warm-up began (WARM-1). */
  warmupStartedAt?: LocalDate;
  /** A domain's: too many of its mails bounce, so that it may send half as many (HLTH-2). */
  isHalved?: boolean;
  /** A sender's: client-local date on which its last rest ended or will end, because the provider throttled it. */
  restedUntil?: LocalDate;
}

/** A mailbox, number or seat that may send on a channel, with everything that its touches count against (LIM-1). */
export interface Sender {
  id: string;
  resources: readonly Resource[];
}

/** From this day on, so many; null: from the beginning of time. */
export interface Stage {
  from: LocalDate | null;
  maximum: number;
}

/** A limit of one very resource, for every day there is. */
export interface ResourceLimit {
  counter: string;
  resourceId: string;
  period: Period;
  /** In order of time. */
  stages: readonly Stage[];
  lastsSeconds: number | null;
}

/** Every limit that one of these counts against (LIM-1): the rows of the table for the sender's resources. */
export function limitsOf(counts: Counted, resources: readonly Resource[], table = limits): ResourceLimit[] {
  return resources.flatMap((resource) =>
    table
      .filter((limit) => limit.counts === counts && limit.resource === resource.kind)
      .map((limit) => ({
        counter: limit.counter,
        resourceId: resource.id,
        period: limit.period,
        stages: stagesOf(limit, resource),
        lastsSeconds: limit.lastsSeconds ?? null,
      })),
  );
}

function stagesOf(limit: Limit, resource: Resource): Stage[] {
  const stages = stagesOfTable(limit, resource);
  return resource.restedUntil === undefined || limit.period !== 'day' ? stages : easedIn(stages, resource.restedUntil);
}

/** A sender that the provider throttled comes back at half its day's limits, for so many client-local days. */
export const daysAtHalf = 3;

/**
 * The stages with those days halved, rounded down. Seven days stay as they are: they reach back before the rest, and half
 * of them would often leave nothing.
 */
function easedIn(stages: readonly Stage[], restedUntil: LocalDate): Stage[] {
  const [from, until] = [restedUntil, addDays(restedUntil, daysAtHalf)];
  const half = ({ from, maximum }: Stage): Stage => ({ from, maximum: Math.floor(maximum / 2) });
  const isBetween = (stage: Stage): boolean => stage.from !== null && stage.from > from && stage.from < until;
  return [
    ...stages.filter((stage) => stage.from === null || stage.from < from),
    half({ from, maximum: maximumOn({ stages }, from) }),
    ...stages.filter(isBetween).map(half),
    { from: until, maximum: maximumOn({ stages }, until) },
    ...stages.filter((stage) => stage.from !== null && stage.from > until),
  ];
}

function stagesOfTable(limit: Limit, { warmupStartedAt, isHalved }: Resource): Stage[] {
  if (limit.maximum !== 'warm-up') return [{ from: null, maximum: limit.maximum }];
  const none: Stage = { from: null, maximum: 0 };
  if (warmupStartedAt === undefined) return [none];
  return [
    none,
    ...warmUpStages.map((stage) => ({
      from: addDays(warmupStartedAt, stage.fromDay),
      maximum: isHalved === true ? halved(stage.limit) : stage.limit,
    })),
  ];
}

/** The maximum on one client-local day (WARM-2: the limit of that date). */
export function maximumOn({ stages }: Pick<ResourceLimit, 'stages'>, day: LocalDate): number {
  return stages.findLast((stage) => stage.from === null || stage.from <= day)?.maximum ?? 0;
}
