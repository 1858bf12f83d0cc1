import type { Database } from '../database';

/** The answer that a repeated request gets again. */
export interface StoredAnswer {
  status: number;
  /** As it was handed in: sealed, because answers may hold secrets and personal data. */
  sealed: string;
}

export type Reservation =
  | { state: 'reserved' }
  | { state: 'answered'; answer: StoredAnswer }
  /** The first request with this key is still being worked on. */
  | { state: 'busy' }
  /** The key was used for another request. */
  | { state: 'mismatch' };

/** Answers are kept for a day. */
const keptMs = 24 * 3600_000;
/** A reservation without an answer is taken over after this long: its request died with its process. */
const abandonedMs = 120_000;

/** Takes an Idempotency-Key for one request, or says what became of the request that took it first. */
export async function reserveKey(
  database: Database,
  request: { keyHolderId: string; key: string; requestHash: string; now: Date },
): Promise<Reservation> {
  const { keyHolderId, key, requestHash, now } = request;
  const id = { keyHolderId_key: { keyHolderId, key } };
  await database.idempotencyKey.deleteMany({
    where: { keyHolderId, createdAt: { lt: new Date(now.getTime() - keptMs) } },
  });
  const { count } = await database.idempotencyKey.createMany({
    data: [{ keyHolderId, key, requestHash, createdAt: now }],
    skipDuplicates: true,
  });
  if (count === 1) return { state: 'reserved' };
  const first = await database.idempotencyKey.findUnique({ where: id });
  if (first === null) return { state: 'busy' };
  if (first.requestHash !== requestHash) return { state: 'mismatch' };
  if (first.status !== null && typeof first.response === 'string') {
    return { state: 'answered', answer: { status: first.status, sealed: first.response } };
  }
  const taken = await database.idempotencyKey.updateMany({
    where: { keyHolderId, key, status: null, createdAt: { lt: new Date(now.getTime() - abandonedMs) } },
    data: { createdAt: now },
  });
  return taken.count === 1 ? { state: 'reserved' } : { state: 'busy' };
}

/** Keeps the answer for whoever repeats the request. */
export async function storeAnswer(
  database: Database,
  id: { keyHolderId: string; key: string },
  answer: StoredAnswer,
): Promise<void> {
  await database.idempotencyKey.updateMany({
    where: id,
    data: { status: answer.status, response: answer.sealed },
  });
}

/** Gives the key free: the request had no effect, so it may be tried again. */
export async function forgetKey(database: Database, id: { keyHolderId: string; key: string }): Promise<void> {
  await database.idempotencyKey.deleteMany({ where: { ...id, status: null } });
}
