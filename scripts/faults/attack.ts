import { setTimeout as delay } from 'node:timers/promises';
import type { Incidents } from './incidents';
import type { Fault, Schedule } from './schedule';
import type { Stack } from './stack';

/** Carries the schedule out. Resolves when its last fault is over and every part and network is whole again. */
export async function attack(stack: Stack, { faults }: Schedule, incidents: Incidents): Promise<void> {
  const began = performance.now();
  const under: Promise<void>[] = [];
  for (const fault of faults) {
    await delay(Math.max(0, fault.at * 1000 - (performance.now() - began)));
    under.push(strike(stack, fault, incidents));
  }
  await Promise.all(under);
  stack.armed = false;
  // Those that were started with failpoints go, so that nobody dies while everything calms down.
  for (const name of ['worker-1', 'worker-2', 'api'] as const) {
    stack.parts[name].thaw();
    stack.parts[name].kill();
  }
}

async function strike({ parts, links }: Stack, fault: Fault, incidents: Incidents): Promise<void> {
  switch (fault.kind) {
    case 'kill':
      incidents.note({ what: `kill ${kindOf(fault.part)}`, of: fault.part, isKill: true });
      parts[fault.part].kill();
      return;
    case 'freeze':
      incidents.note({ what: `freeze ${kindOf(fault.part)}`, of: fault.part, isKill: false }, fault.seconds);
      parts[fault.part].freeze();
      await delay(fault.seconds * 1000);
      parts[fault.part].thaw();
      return;
    case 'cut':
      incidents.note(
        { what: `cut ${kindOf(fault.link)}: ${fault.mode}`, of: fault.link, isKill: false },
        fault.seconds,
      );
      links[fault.link].cut(fault.mode);
      await delay(fault.seconds * 1000);
      links[fault.link].mend();
  }
}

/** Both workers are one kind. */
const kindOf = (name: string): string => name.replace(/-\d/, '');
