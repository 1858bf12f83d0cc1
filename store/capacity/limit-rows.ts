import type { LocalDate } from '../../domain/calendar/local-date';
import { limitsOf, type Counted, type ResourceLimit, type Sender } from '../../domain/limits';
import { json } from '../sql';

/** A row of the database's type sender_limit: a limit of a sender on a stretch of days with one maximum. */
interface LimitRow {
  sender_id: string;
  counter: string;
  resource_id: string;
  period: ResourceLimit['period'];
  from_day: LocalDate | '-infinity';
  /** The first day after the stretch. */
  until_day: LocalDate | 'infinity';
  maximum: number;
  lasts_seconds: number | null;
}

/** Everything that a touch of these senders counts against between two days, as the capacity functions want it. */
export function limitRows(
  counts: readonly Counted[],
  senders: readonly Sender[],
  days: { first: LocalDate; last: LocalDate },
): LimitRow[] {
  return senders.flatMap((sender) => {
    const limits = counts.flatMap((counted) => limitsOf(counted, sender.resources));
    return rowsOf(sender.id, limits, days);
  });
}

/** The same as a parameter of type jsonb. */
export const limitsJson = (...of: Parameters<typeof limitRows>): string => json(limitRows(...of));

/** The rows of one sender under these limits. */
export function rowsOf(
  senderId: string,
  limits: readonly ResourceLimit[],
  days: { first: LocalDate; last: LocalDate },
): LimitRow[] {
  return limits.flatMap((limit) =>
    limit.stages.flatMap(({ from, maximum }, index): LimitRow[] => {
      const until = limit.stages[index + 1]?.from ?? 'infinity';
      const isOver = until !== 'infinity' && until <= days.first;
      if (isOver || (from !== null && from > days.last)) return [];
      return [
        {
          sender_id: senderId,
          counter: limit.counter,
          resource_id: limit.resourceId,
          period: limit.period,
          from_day: from ?? '-infinity',
          until_day: until,
          maximum,
          lasts_seconds: limit.lastsSeconds,
        },
      ];
    }),
  );
}
