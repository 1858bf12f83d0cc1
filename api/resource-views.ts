import type { z } from 'zod';
import { localDate, type LocalDate } from '../domain/local-date';
import { warmUpDay, warmUpLimit, warmUpStages } from '../domain/warm-up';
import { readClient } from '../store/tenants/clients';
import type { DomainRecord } from '../store/senders/domains';
import type { SeatRecord } from '../store/senders/linkedin-seats';
import type { MailboxRecord } from '../store/senders/mailboxes';
import type { PhoneNumberRecord } from '../store/senders/phone-numbers';
import { readCapacityUse, type CapacityUse } from '../store/senders/resources';
import type { ApiDeps } from './ports';
import { isoOf, isoOrNull } from './schemas/basics';
import type { domain, mailbox, phoneNumberAnswer, seat } from './schemas/resources';

/** Today on the client's calendar, where the limits count (LIM). */
export async function clientToday({ database, clock }: ApiDeps, clientId: string): Promise<LocalDate> {
  const { timezone } = await readClient(database, clientId);
  return localDate(await clock.now(), timezone);
}

interface Pausable {
  pausedAt: Date | null;
  createdAt: Date;
}

function common<Row extends Pausable>(row: Row, use: CapacityUse | undefined) {
  const { limit, booked, consumed } = use ?? { limit: 0, booked: 0, consumed: 0 };
  const unmeasured = 'not measured' as const;
  return {
    ...row,
    limit,
    booked,
    consumed,
    pausedAt: isoOrNull(row.pausedAt),
    createdAt: isoOf(row.createdAt),
    health: {
      status: row.pausedAt === null ? ('sending' as const) : ('paused' as const),
      bounceRate: unmeasured,
      complaintRate: unmeasured,
      unsubscribeRate: unmeasured,
    },
  };
}

export async function domainViews(deps: ApiDeps, clientId: string, rows: DomainRecord[]) {
  const today = await clientToday(deps, clientId);
  const use = await readCapacityUse(deps.database, 'domain', today, rows);
  return rows.map((row): z.output<typeof domain> => {
    const day = warmUpDay(row.warmupStartedAt, today);
    const stage = warmUpStages.filter((each) => day >= each.fromDay).length;
    const warmUp = { day, stage, limit: warmUpLimit(day) };
    return { ...common(row, use.get(row.id)), warmUp, reviewedAt: isoOrNull(row.reviewedAt) };
  });
}

export async function mailboxViews(deps: ApiDeps, clientId: string, rows: MailboxRecord[]) {
  const use = await readCapacityUse(deps.database, 'mailbox', await clientToday(deps, clientId), rows);
  return rows.map(({ smtpHost, smtpPort, smtpUsername, ...row }): z.output<typeof mailbox> => {
    const smtp = smtpHost === null ? null : { host: smtpHost, port: smtpPort, username: smtpUsername };
    return { ...common(row, use.get(row.id)), smtp };
  });
}

export async function phoneNumberViews(deps: ApiDeps, clientId: string, rows: PhoneNumberRecord[]) {
  const today = await clientToday(deps, clientId);
  const voice = await readCapacityUse(deps.database, 'number_voice', today, rows);
  const sms = await readCapacityUse(deps.database, 'number_sms', today, rows);
  return rows.map((row): z.output<typeof phoneNumberAnswer> => {
    const used = row.channels.flatMap((channel) => {
      const use = (channel === 'voice' ? voice : sms).get(row.id);
      return use === undefined ? [] : [[channel, use] as const];
    });
    const sum = (part: keyof CapacityUse): number => used.reduce((total, [, use]) => total + use[part], 0);
    const total = { limit: sum('limit'), booked: sum('booked'), consumed: sum('consumed') };
    return { ...common(row, total), byChannel: Object.fromEntries(used) };
  });
}

export async function seatViews(deps: ApiDeps, clientId: string, rows: SeatRecord[]) {
  const use = await readCapacityUse(deps.database, 'seat_invitations', await clientToday(deps, clientId), rows);
  return rows.map((row): z.output<typeof seat> => common(row, use.get(row.id)));
}
