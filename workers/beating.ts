import { heartbeat } from '@temporalio/activity';

/** Between two signs of life, in milliseconds: a process that died is missed after the heartbeat's time-out. */
const beatEveryMs = 5_000;

type Activity = (input: never) => Promise<unknown>;

/** These activities, each of which says while it runs that its process lives. What hangs in a living one ends by its own time-out. */
export function beating<A extends object>(activities: A): A {
  const entries = Object.entries(activities as Record<string, Activity>);
  return Object.fromEntries(entries.map(([name, activity]) => [name, beatingOne(activity)])) as A;
}

function beatingOne(activity: Activity): Activity {
  return async (input) => {
    const timer = setInterval(heartbeat, beatEveryMs);
    try {
      return await activity(input);
    } finally {
      clearInterval(timer);
    }
  };
}
