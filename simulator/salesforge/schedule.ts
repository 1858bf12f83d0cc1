import { DateTime } from 'luxon';
import type { Sequence } from './workspace';

/** The first instant from `at` on at which the sequence sends; null: it never does. */
export function nextOpen({ schedule, timezone }: Pick<Sequence, 'schedule' | 'timezone'>, at: Date): Date | null {
  const local = DateTime.fromJSDate(at, { zone: timezone });
  for (let ahead = 0; ahead < 8; ahead += 1) {
    const day = local.startOf('day').plus({ days: ahead });
    const hours = schedule[day.setLocale('en').toFormat('cccc').toLowerCase()];
    if (hours?.enabled !== true) continue;
    const [opens, closes] = [day.set({ hour: hours.from }), day.set({ hour: hours.to })];
    if (local < opens) return opens.toJSDate();
    if (local < closes) return at;
  }
  return null;
}
