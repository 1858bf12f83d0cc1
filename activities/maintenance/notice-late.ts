import { lateChores } from '../../store/chores';
import { raiseAlert, resolveAlert } from '../../store/tenants/alerts';
import type { ActivityDeps } from '../deps';
import { choresOf } from './chores';

/** So long after its time a chore may begin, in seconds: whoever rebuilds thousands of workflows keeps the others waiting. */
const graceSeconds = 900;

/**
 * Notices a maintenance that exists and does nothing: its activity hangs, or no worker takes it. Every worker asks each
 * minute, outside of the maintenance. The alert is the operator's, and ends when the chores are done again.
 */
export async function noticeLateChores(
  deps: Pick<ActivityDeps, 'database' | 'clock' | 'log' | 'choresEverySeconds'>,
): Promise<void> {
  const { sql } = deps.database;
  const now = await deps.clock.now();
  const late = await lateChores(sql, choresOf(deps), graceSeconds, now);
  const about = { clientId: null, kind: 'maintenance' };
  if (late.length === 0) return resolveAlert(sql, about, now);
  deps.log.warn({ late }, 'the maintenance is late');
  const message = `The maintenance has not begun what is long due: ${late.join(', ')}. Do the workers run, and does Temporal answer?`;
  await raiseAlert(sql, { ...about, message }, now);
}
