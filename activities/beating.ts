import { heartbeat } from '@temporalio/activity';

/** Seconds between two signs of life of an activity. */
const beatSeconds = 5;

/** Does the work of an activity and says every few seconds that it goes on, so that a worker that died is noticed soon. */
export async function beating<T>(work: () => Promise<T>): Promise<T> {
  const beat = setInterval(sayAlive, beatSeconds * 1000);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}

function sayAlive(): void {
  try {
    heartbeat();
  } catch {
    // Nobody listens: it was not Temporal that called.
  }
}
