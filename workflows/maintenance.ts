import {
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { failureTypes, lookNowSignal, taskQueues, type PreparationActivities } from './contract';

const { keepHouse } = proxyActivities<PreparationActivities>({
  taskQueue: taskQueues.preparation,
  startToCloseTimeout: '30m',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '10s', maximumInterval: '10m', nonRetryableErrorTypes: [failureTypes.notFound] },
});

/** Some ninety looks, at least seven hours of them; then the history starts afresh. */
const historyLengthToContinue = 1_000;

/** Looks after what nobody's own workflow looks after: each chore at its own interval, and whenever it is told to. */
export async function maintenance(): Promise<void> {
  let asked = false;
  setHandler(lookNowSignal, () => void (asked = true));
  for (;;) {
    const input = { asked };
    asked = false;
    const { nextAt } = await keepHouse(input);
    await condition(() => asked, Math.max(1, nextAt - Date.now()), { summary: 'next look' });
    if (workflowInfo().historyLength > historyLengthToContinue && !asked) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof maintenance>();
    }
  }
}
