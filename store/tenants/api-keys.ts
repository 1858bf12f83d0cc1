import { createHash, randomBytes } from 'node:crypto';
import type { Database, Transaction } from '../database';
import { nextPage, type Page, type PageRequest } from '../paging';

/** A key as it may be shown: never its secret, which is stored as a hash only. */
export interface ApiKeyRecord {
  id: string;
  /** null: an operator's key. */
  clientId: string | null;
  name: string;
  scopes: string[];
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
}

const shown = {
  id: true,
  clientId: true,
  name: true,
  scopes: true,
  expiresAt: true,
  lastUsedAt: true,
  createdAt: true,
} as const;

/** How old `lastUsedAt` may be before a request writes it again, in milliseconds. */
const lastUseResolutionMs = 60_000;

/** SHA-256 is enough here: the secret is 256 random bits, so there is nothing to guess. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export interface NewApiKey {
  clientId: string | null;
  name: string;
  scopes: readonly string[];
  expiresAt: Date | null;
  now: Date;
}

/** Makes a key. The returned secret exists nowhere else afterwards. */
export async function createApiKey(
  database: Database | Transaction,
  key: NewApiKey,
): Promise<ApiKeyRecord & { secret: string }> {
  const secret = `aos_${randomBytes(32).toString('base64url')}`;
  const { now, scopes, ...rest } = key;
  const record = await database.apiKey.create({
    data: { ...rest, scopes: [...scopes], secretHash: hashSecret(secret), createdAt: now },
    select: shown,
  });
  return { ...record, secret };
}

/** The key with this secret, if it is neither revoked nor expired. */
export async function findApiKey(database: Database, secret: string, now: Date): Promise<ApiKeyRecord | null> {
  const key = await database.apiKey.findUnique({
    where: { secretHash: hashSecret(secret) },
    select: { ...shown, revokedAt: true },
  });
  if (key === null || key.revokedAt !== null) return null;
  if (key.expiresAt !== null && key.expiresAt <= now) return null;
  return key;
}

/** Notes that a key was used, at most once a minute. */
export async function noteKeyUse(database: Database, key: ApiKeyRecord, now: Date): Promise<void> {
  if (key.lastUsedAt !== null && now.getTime() - key.lastUsedAt.getTime() < lastUseResolutionMs) return;
  await database.apiKey.updateMany({ where: { id: key.id }, data: { lastUsedAt: now } });
}

/** A client's keys that are not revoked, oldest first. */
export async function listApiKeys(
  database: Database,
  clientId: string,
  page: PageRequest,
): Promise<Page<ApiKeyRecord>> {
  const rows = await database.apiKey.findMany({
    where: { clientId, revokedAt: null },
    select: shown,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: page.limit + 1,
    ...(page.after === null ? {} : { cursor: { id: page.after }, skip: 1 }),
  });
  return nextPage(rows, page.limit, (row) => row.id);
}

/** @returns false when the client has no such key, or it was revoked before */
export async function revokeApiKey(database: Database, clientId: string, id: string, now: Date): Promise<boolean> {
  const { count } = await database.apiKey.updateMany({
    where: { id, clientId, revokedAt: null },
    data: { revokedAt: now },
  });
  return count === 1;
}
