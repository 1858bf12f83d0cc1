import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arrivals } from './arrivals';
import type { CallLog } from './http/call-log';
import type { Network } from './http/network';
import { inboxFile, outboxFile, type InboxEntry, type OutboxEntry } from './witness';

type Line<T> = T & { at: string };

interface Memory {
  arrivals: Arrivals;
  calls: CallLog;
  network: Network;
}

/**
 * After a restart the logs tell what had arrived, so that reactions which still wait find what they are about,
 * nobody reacts twice, and Twilio and Unipile list what they had taken.
 */
export function restoreFromLogs(directory: string, { arrivals, calls, network }: Memory): void {
  for (const entry of readLog<OutboxEntry>(join(directory, outboxFile))) {
    arrivals.recall(entry);
    const { reference, text } = entry.detail;
    if (entry.outcome !== 'accepted' || typeof reference !== 'string') continue;
    const [from, to, at] = [entry.resource ?? '', entry.recipient ?? '', new Date(entry.at)];
    if (entry.operation === 'call') calls.create(reference, from, to, at);
    if (entry.operation === 'invite') {
      network.invite({ id: reference, seat: from, profileUrl: to, text: String(text ?? ''), at });
    }
  }
  for (const entry of readLog<InboxEntry>(join(directory, inboxFile))) {
    const { event, recipient, at, detail } = entry;
    if (event === 'inviteAccepted' && recipient) network.accept(recipient, new Date(at));
    if (event !== 'callCompleted' || !detail) continue;
    const { callSid, status, duration } = detail as { callSid: string; status: string; duration: number };
    calls.progress(callSid, { status, now: new Date(at), duration, answeredBy: null });
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
