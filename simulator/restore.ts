import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arrivals } from './arrivals';
import type { OpenProvider } from './provider';
import { inboxFile, outboxFile, type InboxEntry, type OutboxEntry } from './witness';

type Line<T> = T & { at: string };

interface Memory {
  arrivals: Arrivals;
  providers: readonly OpenProvider[];
}

/**
 * After a restart the logs tell what had arrived, so that reactions which still wait find what they are about,
 * nobody reacts twice, and the providers list what they had taken.
 */
export function restoreFromLogs(directory: string, { arrivals, providers }: Memory): void {
  for (const entry of readLog<OutboxEntry>(join(directory, outboxFile))) {
    arrivals.recall(entry);
    const { reference } = entry.detail;
    if (entry.outcome !== 'accepted' || typeof reference !== 'string') continue;
    for (const provider of providers) provider.recall?.(entry, reference);
  }
  for (const entry of readLog<InboxEntry>(join(directory, inboxFile))) {
    for (const provider of providers) provider.recallEvent?.(entry);
  }
}

/** A last line that a crash cut off is left out. */
function readLog<T>(file: string): Line<T>[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line<T>);
}
