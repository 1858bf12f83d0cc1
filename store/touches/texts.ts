import type { Prisma } from '../../prisma/generated/client';
import type { Database } from '../database';

export interface StoredText {
  content: unknown;
  promptVersion: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
}

/** Stores a text once; when one is there already, that one stays (TEXT-4). */
export async function storeText(
  database: Database,
  touch: { touchId: string; clientId: string },
  text: StoredText,
  now: Date,
): Promise<void> {
  const row = { ...text, content: text.content as Prisma.InputJsonValue };
  await database.touchText.createMany({ data: [{ ...touch, ...row, createdAt: now }], skipDuplicates: true });
}

/** TEXT-2: a plan that ended without a text; its booking is given back by the caller. */
export async function countTextFailure(database: Database, touchId: string): Promise<void> {
  await database.touch.update({ where: { id: touchId }, data: { textFailures: { increment: 1 } } });
}
