import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { PartEnded } from './part-ended';

const lookEveryMs = 2000;
/** A busy machine may miss one look. */
const missesAtMost = 3;

/** Rejects once nobody listens on this port of the loopback address any more. Keeps no process alive. */
export async function whenGone(what: string, port: number): Promise<never> {
  for (let misses = 0; misses < missesAtMost; await delay(lookEveryMs, undefined, { ref: false })) {
    misses = (await listens(port)) ? 0 : misses + 1;
  }
  throw new PartEnded(`${what} ended by itself`);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: lookEveryMs });
    const answer = (there: boolean) => () => {
      socket.destroy();
      resolve(there);
    };
    socket.on('connect', answer(true)).on('error', answer(false)).on('timeout', answer(false));
  });
}
