import { DateTime } from 'luxon';
import { addDays, localDate, type LocalDate } from './calendar/local-date';
import { sendingDay, type WorkCalendar } from './calendar/sending-day';
import { tiers, type Tier } from './tiers';

/** A month of credits (PACE-1). */
export interface CreditMonth {
  startsAt: Date;
  /** creditsResetAt: what is left of the credits ends here. */
  endsAt: Date;
}

/** PACE-1: a first month, from the client's present day to the same day of the next month. */
export function firstPeriod(now: Date, clientZone: string): CreditMonth {
  const today = DateTime.fromJSDate(now, { zone: clientZone }).startOf('day');
  return { startsAt: today.toJSDate(), endsAt: today.plus({ months: 1 }).toJSDate() };
}

/**
 * PACE-1: the month that holds `now`, counted on from a known one by the client's calendar. Counted from the known one's
 * end, so that a month that began on the 31st does not slip for ever.
 */
export function periodAt(known: CreditMonth, now: Date, clientZone: string): CreditMonth {
  const end = DateTime.fromJSDate(known.endsAt, { zone: clientZone });
  const endAfter = (months: number): Date => end.plus({ months }).toJSDate();
  let months = 0;
  while (endAfter(months) <= now) months += 1;
  return months === 0 ? known : { startsAt: endAfter(months - 1), endsAt: endAfter(months) };
}

/**
 * PACE-2: how many sending days a period still has, today's among them, by the client's own calendar. The day of its end
 * counts when its morning is over by then.
 */
export function remainingSendingDays(today: LocalDate, endsAt: Date, calendar: WorkCalendar): number {
  let days = 0;
  for (let day = today; isOverBefore(day, endsAt, calendar.timezone); day = addDays(day, 1)) {
    if (sendingDay(day, calendar).sending) days += 1;
  }
  return days;
}

const isOverBefore = (day: LocalDate, instant: Date, zone: string): boolean =>
  DateTime.fromISO(day, { zone }).set({ hour: 12 }).toMillis() <= instant.getTime();

/** What pacing wants to know of a client on one day. */
export interface PacingFacts {
  /** Credits that are left, what today cost already taken off. */
  remaining: number;
  /** Credits that today's admissions cost, today's refunds taken off. */
  spentToday: number;
  admittedToday: number;
  period: CreditMonth;
  /** The client's own zone and holidays. */
  calendar: WorkCalendar;
}

/** The day's share of the month (PACE-2). */
export interface DayTarget {
  /** How many leads may be admitted on this day in all. 0: it is no sending day of the client's, or nothing is left. */
  target: number;
  /** Sending days of the period that are left, today's among them. */
  sendingDays: number;
}

/** PACE-2: remaining credits ÷ remaining sending days, rounded up, as they stood when the day began. */
export function dayTarget(today: LocalDate, facts: PacingFacts): DayTarget {
  const { remaining, spentToday, period, calendar } = facts;
  const sendingDays = remainingSendingDays(today, period.endsAt, calendar);
  const isSendingDay = sendingDay(today, calendar).sending && isOverBefore(today, period.endsAt, calendar.timezone);
  if (!isSendingDay || sendingDays === 0) return { target: 0, sendingDays };
  return { target: Math.ceil((remaining + spentToday) / sendingDays), sendingDays };
}

/** PACE-3: what is worth an alert. */
export interface PacingAlert {
  kind: (typeof pacingAlertKinds)[number];
  message: string;
}

/** pacing_day: today's admissions run ahead. pacing: the month's run behind. */
export const pacingAlertKinds = ['pacing_day', 'pacing'] as const;

/** PACE-3: today's admissions above 120 % of the target; by mid-period less than half of what was expected by then. */
export function pacingAlerts(
  today: LocalDate,
  facts: PacingFacts & { granted: number; admittedInPeriod: number },
): PacingAlert[] {
  const { period, calendar, granted, admittedInPeriod, admittedToday } = facts;
  const alerts: PacingAlert[] = [];
  const { target, sendingDays } = dayTarget(today, facts);
  if (target > 0 && admittedToday > 1.2 * target) {
    const message = `admitted today ${admittedToday}, more than 120 % of the day's target of ${target}`;
    alerts.push({ kind: 'pacing_day', message });
  }
  const first = localDate(period.startsAt, calendar.timezone);
  const all = remainingSendingDays(first, period.endsAt, calendar);
  const past = all - sendingDays;
  const expected = all === 0 ? 0 : Math.floor((granted * past) / all);
  if (past * 2 >= all && admittedInPeriod < 0.5 * expected) {
    const message = `admitted ${admittedInPeriod} leads by mid-period, less than half of the expected ${expected}`;
    alerts.push({ kind: 'pacing', message });
  }
  return alerts;
}

/** PACE-1: how many credits a change of tier brings, or takes: up by the difference, down to the new quota. */
export function creditsOfTierChange(change: { from: Tier; to: Tier; remaining: number }): number {
  const [before, after] = [tiers[change.from].leadsPerMonth, tiers[change.to].leadsPerMonth];
  return after >= before ? after - before : Math.min(0, after - change.remaining);
}

/** A campaign's claim on the client's day. */
export interface CampaignShare {
  campaignId: string;
  waiting: number;
}

/**
 * PACE-4: how a day's admissions fall to the campaigns that have somebody waiting: one each in turn, in the given order,
 * so that shares are equal within one, and what one campaign does not need goes to the others.
 * @returns by campaign, in the given order
 */
export function sharesOf(day: number, campaigns: readonly CampaignShare[]): Map<string, number> {
  const shares = new Map(campaigns.map(({ campaignId }) => [campaignId, 0]));
  let left = day;
  let open = campaigns.filter(({ waiting }) => waiting > 0);
  while (left > 0 && open.length > 0) {
    const each = Math.max(1, Math.floor(left / open.length));
    for (const { campaignId, waiting } of open) {
      const share = shares.get(campaignId) ?? 0;
      const more = Math.min(each, left, waiting - share);
      shares.set(campaignId, share + more);
      left -= more;
    }
    open = open.filter(({ campaignId, waiting }) => (shares.get(campaignId) ?? 0) < waiting);
  }
  return shares;
}

/** How far ahead a last admission is foretold, in days. */
const foretoldDays = 366;

/**
 * When the last waiting lead of each campaign would be admitted, if every day admitted its target and nothing else was
 * short. Later periods begin with `quota` credits.
 * @returns the client's local date by campaign; null: nobody waits, or it lies more than a year ahead
 */
export function expectedLastAdmissions(
  today: LocalDate,
  facts: PacingFacts & { quota: number },
  campaigns: readonly CampaignShare[],
): Map<string, LocalDate | null> {
  const last = new Map<string, LocalDate | null>(campaigns.map(({ campaignId }) => [campaignId, null]));
  const { calendar, quota } = facts;
  let { remaining, period, admittedToday, spentToday } = facts;
  let waiting = campaigns;
  let day = today;
  for (let ahead = 0; ahead < foretoldDays && waiting.some((campaign) => campaign.waiting > 0); ahead += 1) {
    const noon = DateTime.fromISO(day, { zone: calendar.timezone }).set({ hour: 12 }).toJSDate();
    const at = periodAt(period, noon, calendar.timezone);
    if (at !== period) [period, remaining] = [at, quota];
    const { target } = dayTarget(day, { remaining, spentToday, admittedToday, period, calendar });
    const shares = sharesOf(Math.min(remaining, Math.max(0, target - admittedToday)), waiting);
    for (const [campaignId, share] of shares) {
      remaining -= share;
      if (share > 0) last.set(campaignId, day);
    }
    waiting = waiting.map((each) => ({ ...each, waiting: each.waiting - (shares.get(each.campaignId) ?? 0) }));
    admittedToday = 0;
    spentToday = 0;
    day = addDays(day, 1);
  }
  const unfinished = waiting.filter((campaign) => campaign.waiting > 0);
  for (const { campaignId } of unfinished) last.set(campaignId, null);
  return last;
}
