import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Where a process can be made to die, freeze or dawdle: the crash windows of sending and of events
 * (docs/reliability.md). Nothing happens unless the process was started with FAILPOINTS, which the configuration refuses
 * wherever something can leave this machine.
 */
export const failpointNames = [
  'before-claim',
  'claimed',
  'bytes-sent',
  'answer-unread',
  'answer-read',
  'committed',
  'reported',
  'event-in-transaction',
  'event-committed',
  'event-unsignalled',
] as const;

export type FailpointName = (typeof failpointNames)[number];

/** kill: SIGKILL. stop: SIGSTOP, until somebody continues it. delay: that many milliseconds. */
export type FailpointAction = { kind: 'kill' | 'stop' } | { kind: 'delay'; milliseconds: number };

export interface Failpoint {
  name: FailpointName;
  action: FailpointAction;
  /** On which pass of this process it strikes, from 1. */
  pass: number;
}

/** `claimed=kill@12,answer-read=stop@3,committed=delay:1500@7` */
export const failpointsForm = new RegExp(`^${oneOf()}(,${oneOf()})*$`);

function oneOf(): string {
  return `(${failpointNames.join('|')})=(kill|stop|delay:\\d{1,6})@[1-9]\\d{0,6}`;
}

/** Reads what `failpointsForm` matches. */
export function readFailpoints(text: string): Failpoint[] {
  return text.split(',').map((one) => {
    const [, name, kind, milliseconds, pass] = /^(.+)=([a-z]+):?(\d*)@(\d+)$/.exec(one) ?? [];
    const action: FailpointAction =
      kind === 'delay' ? { kind, milliseconds: Number(milliseconds) } : { kind: kind as 'kill' | 'stop' };
    return { name: name as FailpointName, action, pass: Number(pass) };
  });
}

const armed = new Map<FailpointName, Failpoint & { passed: number }>();

/** Arms the failpoints of this process, once, at its start. */
export function armFailpoints(text: string | null): void {
  for (const one of text === null ? [] : readFailpoints(text)) armed.set(one.name, { ...one, passed: 0 });
}

/** Passes a failpoint. One that strikes first says so on standard error, so that whoever watches knows which it was. */
export async function failpoint(name: FailpointName): Promise<void> {
  const one = armed.get(name);
  if (one === undefined) return;
  one.passed += 1;
  if (one.passed === one.pass) await strike(one);
}

async function strike({ name, action }: Failpoint): Promise<void> {
  writeSync(2, `${JSON.stringify({ failpoint: name, action: action.kind })}\n`);
  switch (action.kind) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      break;
    case 'stop':
      process.kill(process.pid, 'SIGSTOP');
      break;
    case 'delay':
      await delay(action.milliseconds);
  }
}
