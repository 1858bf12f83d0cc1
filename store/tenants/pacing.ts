import { localDate, startOfDate, type LocalDate } from '../../domain/calendar/local-date';
import type { PacingFacts } from '../../domain/pacing';
import { tiers, type Tier } from '../../domain/tiers';
import { admittedSince } from '../enrollments/admission';
import type { Sql } from '../sql';
import { presentCredits, spentSince } from './credits';

/** A client's month as it stands (PACE). */
export interface Pacing extends PacingFacts {
  clientId: string;
  /** The client's present day, and when it began. */
  today: LocalDate;
  since: Date;
  /** What the period began with and was given since. */
  granted: number;
  /** Leads that cost a credit of this period. */
  admittedInPeriod: number;
  /** What the next period will begin with. */
  quota: number;
}

/** Reads a client's month; opens its period of credits when nobody has yet. @throws Error when there is no such client */
export async function readPacing(sql: Sql, clientId: string, now: Date): Promise<Pacing> {
  const [client] = await sql<{ timezone: string; country: string; region: string | null; tier: Tier }>`
    SELECT timezone, country, region, tier FROM client WHERE id = ${clientId}::uuid`;
  if (client === undefined) throw new Error(`no client ${clientId}`);
  const { timezone, country, region, tier } = client;
  const { periodId, startsAt, endsAt, remaining, granted, admitted } = await presentCredits(sql, clientId, now);
  const today = localDate(now, timezone);
  const since = startOfDate(today, timezone);
  return {
    clientId,
    today,
    since,
    calendar: { timezone, countryCode: country, regionCode: region },
    period: { startsAt, endsAt },
    remaining,
    granted,
    admittedInPeriod: admitted,
    admittedToday: await admittedSince(sql, clientId, since),
    spentToday: await spentSince(sql, periodId, since),
    quota: tiers[tier].leadsPerMonth,
  };
}
