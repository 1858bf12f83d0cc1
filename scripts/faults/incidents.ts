import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../runtime/clock';

/** Something that happened to the engine: how it is called in the table, what was struck, and when, in real epoch ms. */
export interface Incident {
  /** `failpoint claimed`, `kill worker-1`, `cut deaf`. */
  what: string;
  /** Part or link. */
  of: string;
  from: number;
  /** When it was over; a kill is over at once. */
  until: number;
  /** Did a process die of it? */
  isKill: boolean;
}

export interface Incidents {
  list: readonly Incident[];
  note(incident: Omit<Incident, 'from' | 'until'>, seconds?: number): void;
  close(): void;
}

/** Keeps what happened, and writes it to faults.jsonl as it happens. */
export async function openIncidents(out: string): Promise<Incidents> {
  const log = createWriteStream(path.join(out, 'faults.jsonl'));
  const list: Incident[] = [];
  const began = (await systemClock.now()).getTime() - performance.now();
  return {
    list,
    note(incident, seconds = 0) {
      const from = began + performance.now();
      const one = Object.assign({}, incident, { from, until: from + seconds * 1000 });
      list.push(one);
      log.write(`${JSON.stringify({ at: new Date(from).toISOString(), ...incident, seconds })}\n`);
    },
    close: () => log.end(),
  };
}
