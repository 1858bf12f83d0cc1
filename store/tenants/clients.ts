import type { Tier } from '../../prisma/generated/enums';
import { createApiKey, type ApiKeyRecord } from './api-keys';
import type { Database } from '../database';
import { bringCredits, presentCredits } from './credits';

export interface ClientRecord {
  id: string;
  name: string;
  /** IANA zone: limits count its calendar days (LIM). */
  timezone: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  region: string | null;
  tier: Tier;
  postalAddress: string | null;
  website: string | null;
  /** What Claude may say about the client (TEXT-1). */
  proofPoints: string[];
  senderName: string | null;
  /** Domains whose people score lower (ACC-3). */
  competitors: string[];
  createdAt: Date;
}

export type NewClient = Omit<ClientRecord, 'id' | 'createdAt'>;
export type ClientChanges = Partial<Omit<NewClient, 'tier'>>;

/** What a client begins with. */
export interface Beginning {
  firstKey: { name: string; scopes: readonly string[] };
  /** Credits that it brings along, and when they end (PACE-1); null: the tier's quota, for a month from today. */
  credits: { remaining: number; resetsAt: Date } | null;
}

/** Makes a client, its first key and its first month of credits. */
export async function createClient(
  database: Database,
  client: NewClient,
  { firstKey, credits }: Beginning,
  now: Date,
): Promise<{ client: ClientRecord; key: ApiKeyRecord & { secret: string } }> {
  const made = await database.$transaction(async (tx) => {
    const created = await tx.client.create({ data: { ...client, createdAt: now } });
    const key = await createApiKey(tx, { ...firstKey, clientId: created.id, expiresAt: null, now });
    return { client: created, key };
  });
  if (credits !== null) await bringCredits(database.sql, made.client, credits, now);
  await presentCredits(database.sql, made.client.id, now);
  return made;
}

export async function readClient(database: Database, id: string): Promise<ClientRecord> {
  return database.client.findUniqueOrThrow({ where: { id } });
}

export async function isClient(database: Database, id: string): Promise<boolean> {
  return (await database.client.count({ where: { id } })) > 0;
}

export async function updateClient(database: Database, id: string, changes: ClientChanges): Promise<ClientRecord> {
  return database.client.update({ where: { id }, data: changes });
}
