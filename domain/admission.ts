import { DateTime } from 'luxon';
import { addDays, localDate } from './calendar/local-date';

/**
 * PACE-4: how long after its activation a campaign's leads are first admitted, in milliseconds: campaigns that are activated
 * together share their first day too.
 */
export const settlingMs = 60_000;

/** PACE-4: when the next day's leads are admitted: five minutes after the client's next midnight. */
export function nextAdmission(now: Date, clientZone: string): Date {
  const tomorrow = addDays(localDate(now, clientZone), 1);
  return DateTime.fromISO(tomorrow, { zone: clientZone }).plus({ minutes: 5 }).toJSDate();
}
