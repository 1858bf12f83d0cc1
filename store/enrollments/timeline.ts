import type { Because } from '../../domain/facts';
import type { Database, Transaction } from '../database';

/** What can happen in the story of a lead. */
export type StoryWord =
  | 'imported'
  | 'admitted'
  | 'planned'
  | 'delayed'
  | 'written'
  | 'sent'
  | 'uncertain'
  | 'failed'
  | 'skipped'
  | 'held'
  | 'waiting'
  | 'bounced'
  | 'stopped'
  | 'completed';

export interface StoryEntry extends Because {
  clientId: string;
  enrollmentId: string;
  touchId?: string | null;
  step?: number | null;
  at: Date;
  what: StoryWord;
}

/** TRUTH-3: adds to the story of a lead, in the transaction that makes it true. */
export async function tell(database: Database | Transaction, ...entries: StoryEntry[]): Promise<void> {
  await database.timelineEntry.createMany({
    // Picked one by one: callers may pass richer objects.
    data: entries.map((entry) => ({
      clientId: entry.clientId,
      enrollmentId: entry.enrollmentId,
      touchId: entry.touchId ?? null,
      step: entry.step ?? null,
      at: entry.at,
      what: entry.what,
      reason: entry.reason,
      rule: entry.rule,
      numbers: entry.numbers,
    })),
  });
}
