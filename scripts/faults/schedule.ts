import type { FailpointName } from '../../runtime/failpoints';
import { chanceOf, type Chance } from './chance';
import type { CutMode } from './link';

export const partNames = ['worker-1', 'worker-2', 'api', 'postgres', 'temporal', 'simulator'] as const;
export type PartName = (typeof partNames)[number];

/** Parts that run the engine's own code, where failpoints are. */
export const enginePartNames = ['worker-1', 'worker-2', 'api'] as const;
export type EnginePartName = (typeof enginePartNames)[number];

/** Networks that can be cut, by who is at their two ends. */
export const linkNames = [
  'worker-1 postgres',
  'worker-1 temporal',
  'worker-1 smtp',
  'worker-1 http',
  'worker-2 postgres',
  'worker-2 temporal',
  'worker-2 smtp',
  'worker-2 http',
  'api postgres',
  'api temporal',
  'outside api',
] as const;
export type LinkName = (typeof linkNames)[number];

/** `seconds`: how long it lasts. */
export type Fault =
  | { kind: 'kill'; part: PartName }
  | { kind: 'freeze'; part: PartName; seconds: number }
  | { kind: 'cut'; link: LinkName; mode: CutMode; seconds: number };

export interface Schedule {
  /** In order; `at` in seconds after the attack began. */
  faults: (Fault & { at: number })[];
  /** FAILPOINTS of each engine process's first start, second start, and so on; after the last one from the first again. */
  failpoints: Record<EnginePartName, string[]>;
}

/** Mean seconds between two faults that come by the clock. */
const everySeconds = 14;
/** Starts of each process for which failpoints are planned. */
const startsAhead = 200;

const sending: readonly FailpointName[] = [
  'before-claim',
  'claimed',
  'bytes-sent',
  'answer-unread',
  'answer-read',
  'committed',
  'reported',
  'event-unsignalled',
];
const events: readonly FailpointName[] = ['event-in-transaction', 'event-committed', 'event-unsignalled'];

/** Everything that will be attacked, and when: it follows from the seed and the length alone. */
export function scheduleOf(seed: number, minutes: number): Schedule {
  const chance = chanceOf(seed);
  const failpoints = {
    'worker-1': failpointsOf(chance, sending, minutes),
    'worker-2': failpointsOf(chance, sending, minutes),
    api: failpointsOf(chance, events, minutes),
  };
  const faults: Schedule['faults'] = [];
  for (let at = 5; at < minutes * 60 - 5; at += chance.whole(everySeconds / 2, everySeconds * 1.5)) {
    faults.push(Object.assign(faultOf(chance), { at }));
  }
  return { faults, failpoints };
}

/** Each window in turn, in another order each round; in long runs a process lives longer, so that more is sent between. */
function failpointsOf(chance: Chance, names: readonly FailpointName[], minutes: number): string[] {
  const latest = Math.round(20 + 12 * Math.min(minutes, 10));
  const rounds = Array.from({ length: Math.ceil(startsAhead / names.length) }, () => chance.shuffled(names));
  return rounds.flat().map((name) => {
    const action = chance.next() < 0.8 ? 'kill' : chance.next() < 0.6 ? 'stop' : `delay:${chance.whole(500, 40_000)}`;
    return `${name}=${action}@${chance.whole(5, latest)}`;
  });
}

function faultOf(chance: Chance): Fault {
  const luck = chance.next();
  if (luck < 0.3) return { kind: 'kill', part: killed(chance) };
  if (luck < 0.5) return frozen(chance);
  const mode = chance.pick(['refused', 'silent', 'deaf'] as const);
  return { kind: 'cut', link: chance.pick(linkNames), mode, seconds: chance.whole(1, 12) };
}

const killed = (chance: Chance): PartName =>
  chance.pick(['worker-1', 'worker-2', 'api', 'api', 'postgres', 'temporal', 'simulator']);

/**
 * Workers and the API may come back as zombies after a minute. Whoever everybody needs is frozen for seconds; the
 * simulator for less than a send may take: what it took up later would have been accepted long after its sender gave up.
 */
function frozen(chance: Chance): Fault {
  const part = chance.pick(['worker-1', 'worker-2', 'worker-1', 'worker-2', 'api', 'temporal', 'simulator']);
  switch (part) {
    case 'simulator':
      return { kind: 'freeze', part, seconds: chance.whole(1, 4) };
    case 'temporal':
      return { kind: 'freeze', part, seconds: chance.whole(2, 10) };
    default:
      return { kind: 'freeze', part, seconds: chance.pick([2, 5, 10, 35, 60]) };
  }
}
