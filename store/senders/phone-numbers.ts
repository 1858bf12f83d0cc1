import type { Database } from '../database';
import { nextPage, type Page, type PageRequest } from '../paging';

export type PhoneChannel = 'voice' | 'sms';

export interface PhoneNumberRecord {
  id: string;
  /** E.164. */
  number: string;
  channels: PhoneChannel[];
  pausedAt: Date | null;
  pauseReason: string | null;
  createdAt: Date;
}

const record = <Row extends { channels: string[] }>(row: Row) => ({ ...row, channels: row.channels as PhoneChannel[] });

/** @throws Prisma's P2002 when somebody has registered the number already */
export async function createPhoneNumber(
  database: Database,
  phoneNumber: { clientId: string; number: string; channels: readonly PhoneChannel[]; now: Date },
): Promise<PhoneNumberRecord> {
  const { clientId, number, channels, now } = phoneNumber;
  return record(
    await database.phoneNumber.create({ data: { clientId, number, channels: [...channels], createdAt: now } }),
  );
}

export async function listPhoneNumbers(
  database: Database,
  clientId: string,
  page: PageRequest,
): Promise<Page<PhoneNumberRecord>> {
  const rows = await database.phoneNumber.findMany({
    where: { clientId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: page.limit + 1,
    ...(page.after === null ? {} : { cursor: { id: page.after }, skip: 1 }),
  });
  return nextPage(rows.map(record), page.limit, (row) => row.id);
}

export async function readPhoneNumber(
  database: Database,
  clientId: string,
  id: string,
): Promise<PhoneNumberRecord | null> {
  const row = await database.phoneNumber.findFirst({ where: { id, clientId } });
  return row === null ? null : record(row);
}

export async function updatePhoneNumber(
  database: Database,
  owner: { clientId: string; id: string },
  changes: { channels?: readonly PhoneChannel[] },
): Promise<void> {
  if (changes.channels === undefined) return;
  await database.phoneNumber.updateMany({ where: owner, data: { channels: [...changes.channels] } });
}
