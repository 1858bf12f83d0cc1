import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatorConfig } from '../../../simulator/config';
import type { InboxEntry, OutboxEntry } from '../../../simulator/witness';
import type { ReactionInput, ReactionKind } from '../../../simulator/workflows/reaction-input';
import { createWorld, type World } from '../../../simulator/world';

export const startOfRun = new Date('2026-03-02T22:14:09.000Z');

export interface TestWorld {
  world: World;
  smtpPort: number;
  dnsPort: number;
  httpUrl: string;
  /** The reactions that were asked for; the test itself decides what happens. */
  reactions: ReactionInput[];
  outbox(): (OutboxEntry & { at: string })[];
  inbox(): (InboxEntry & { at: string })[];
  /** Lets a reaction to the latest touch happen now; true when it would be tried again. */
  happen(kind: ReactionKind): Promise<boolean>;
}

/** A world without Temporal, whose clock stands at `startOfRun` unless the test has one. */
export async function openWorld(
  config: SimulatorConfig,
  now: () => Promise<Date> = () => Promise.resolve(startOfRun),
): Promise<TestWorld> {
  const reactions: ReactionInput[] = [];
  const world = await createWorld(config, now, (input) => Promise.resolve(void reactions.push(input)));
  const { smtpPort, httpPort, dnsPort } = await world.listen();
  return {
    world,
    smtpPort,
    dnsPort,
    httpUrl: `http://127.0.0.1:${httpPort}`,
    reactions,
    outbox: () => readLog(config, 'outbox'),
    inbox: () => readLog(config, 'inbox'),
    happen(kind) {
      const latest = reactions.at(-1);
      const reaction = latest?.reactions.find((planned) => planned.kind === kind);
      if (!latest || !reaction) throw new Error(`${kind} is not planned`);
      return world.teller.tellEngine({ deliveryId: latest.deliveryId, kind, facts: reaction.facts ?? {} });
    },
  };
}

export function readLog<T>(
  config: Pick<SimulatorConfig, 'logDirectory'>,
  name: 'outbox' | 'inbox',
): (T & { at: string })[] {
  const lines = readFileSync(join(config.logDirectory, `${name}.jsonl`), 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line) as T & { at: string });
}
