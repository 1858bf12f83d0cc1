import { DateTime } from 'luxon';
import { setTimeout as sleep } from 'node:timers/promises';
import { channels } from '../../domain/channels';
import { addDays, daysBetween, localDate, type LocalDate } from '../../domain/calendar/local-date';
import type { Clock } from '../../runtime/clock';
import { countUnfinished, readDay, type DayOfCampaign } from '../../store/reports/campaign-days';
import type { Database } from '../../store/database';

/** Real milliseconds between two looks at the run. */
const lookEveryMs = 400;
/** Virtual days in which late replies may still come after the last lead is done. */
const daysAfterTheLast = 3;
/** A run without --days ends here at the latest, whatever the leads are waiting for. */
const daysAtMost = 400;

export interface RunEnd {
  end: Date;
  days: number;
  /** Leads that were not done when the run ended. */
  unfinished: number;
}

/**
 * Watches a run and tells each of its days in a line, until every lead is done, the days are over, or a part of the
 * stack breaks.
 */
export async function watchRun(
  run: { database: Database; clock: Clock; clientId: string; timezone: string; start: Date; days: number | null },
  broken: Promise<never>,
  print: (line: string) => void,
): Promise<RunEnd> {
  const first = localDate(run.start, run.timezone);
  let told = first;
  let doneSince: LocalDate | null = null;
  for (;;) {
    await Promise.race([sleep(lookEveryMs), broken]);
    const now = await run.clock.now();
    const today = localDate(now, run.timezone);
    for (; told < today; told = addDays(told, 1)) await tellDay(run, told, print);
    const unfinished = await countUnfinished(run.database, run.clientId);
    doneSince = unfinished > 0 ? null : (doneSince ?? today);
    const days = daysBetween(first, today);
    const isOver =
      days >= (run.days ?? daysAtMost) || (doneSince !== null && daysBetween(doneSince, today) >= daysAfterTheLast);
    if (isOver) return { end: now, days, unfinished };
  }
}

async function tellDay(
  run: { database: Database; clientId: string; timezone: string },
  date: LocalDate,
  print: (line: string) => void,
): Promise<void> {
  const midnight = (day: LocalDate): Date => DateTime.fromISO(day, { zone: run.timezone }).toJSDate();
  const day = await readDay(run.database, run.clientId, midnight(date), midnight(addDays(date, 1)));
  if (Object.values(day.sent).some((count) => count > 0) || day.admitted > 0) print(dayLine(date, day));
}

/** A column for each channel, wide enough for its name. */
const channelColumns = channels.map((channel) => ({ channel, width: Math.max(channel.length + 2, 5) }));

const headOfChannels = channelColumns.map(({ channel, width }) => channel.padStart(width)).join('');
export const dayHeader = `day          admitted${headOfChannels}   replies  held  bounced  opted out   waiting  active  done`;

function dayLine(date: LocalDate, day: DayOfCampaign): string {
  const name = DateTime.fromISO(date).toFormat('ccc dd LLL');
  const number = (value: number, width: number): string => (value === 0 ? '·' : String(value)).padStart(width);
  return [
    name.padEnd(11),
    number(day.admitted, 10),
    ...channelColumns.map(({ channel, width }) => number(day.sent[channel], width)),
    number(day.replies, 10),
    number(day.holds, 6),
    number(day.bounces, 9),
    number(day.optOuts, 11),
    number(day.waiting, 10),
    number(day.active, 8),
    number(day.finished, 6),
  ].join('');
}
