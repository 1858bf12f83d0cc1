import {
  allHandlersFinished,
  condition,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { LeadSignalName } from '../domain/event-effects';
import {
  deliveryQueue,
  emailBouncedSignal,
  failureTypes,
  leadRepliedSignal,
  leadUnsubscribedSignal,
  leadWokenSignal,
  searchAttributes,
  sequenceStatusQuery,
  taskQueues,
  type DeliveryActivities,
  type LeadSequenceInput,
  type NextMove,
  type PreparationActivities,
  type SequenceStatus,
  type StoredMove,
} from './contract';

const retry = { initialInterval: '2s', maximumInterval: '10m', nonRetryableErrorTypes: [failureTypes.notFound] };

/** Every activity says each 5 s that its process lives: a worker that died is missed after this. */
const heartbeatTimeout = '30s';

const { prepare } = proxyActivities<PreparationActivities>({
  taskQueue: taskQueues.preparation,
  startToCloseTimeout: '5m',
  heartbeatTimeout,
  retry,
});

const delivery = { startToCloseTimeout: '5m', heartbeatTimeout, retry } as const;
const { deliver } = proxyActivities<DeliveryActivities>(delivery);

/**
 * One lead's way through its sequence. It waits; activities decide and act, and each of them answers with what comes
 * next. A signal only wakes it: the facts are in the database before the signal is sent, and the gate in `deliver`
 * reads them there, so a lost or late signal can never cause a wrong send.
 */
export async function leadSequence(input: LeadSequenceInput): Promise<{ status: string; reason: string }> {
  const status: SequenceStatus = {
    state: 'preparing',
    step: null,
    channel: null,
    waitingFor: null,
    deliveries: 0,
    lastSignal: null,
  };
  let woken = false;
  const wake = (signal: LeadSignalName) => () => {
    woken = true;
    status.lastSignal = signal;
  };
  setHandler(leadRepliedSignal, wake('leadReplied'));
  setHandler(emailBouncedSignal, wake('emailBounced'));
  setHandler(leadUnsubscribedSignal, wake('leadUnsubscribed'));
  setHandler(leadWokenSignal, wake('leadWoken'));
  setHandler(sequenceStatusQuery, () => status);

  let next = await planMove();
  while (next.kind !== 'finish') {
    Object.assign(status, { state: 'waiting', waitingFor: next.label });
    if (next.kind === 'deliver') announce(next, status);
    const interrupted = await wokenBefore(next.wakeAt, next.label);
    next = next.kind === 'deliver' && !interrupted ? await deliverTouch(next) : await planMove();
  }

  Object.assign(status, { state: 'finished', waitingFor: null });
  upsertSearchAttributes({ [searchAttributes.status]: [next.status] });
  await condition(allHandlersFinished);
  return { status: next.status, reason: next.reason };

  async function planMove(): Promise<NextMove> {
    status.state = 'preparing';
    woken = false;
    return readMove(await prepare({ enrollmentId: input.enrollmentId }));
  }

  async function deliverTouch(touch: NextMove & { kind: 'deliver' }): Promise<NextMove> {
    status.state = 'delivering';
    status.deliveries += 1;
    const next = await deliver.executeWithOptions(
      { ...delivery, taskQueue: deliveryQueue(touch.channel), summary: touch.label },
      [{ enrollmentId: input.enrollmentId, touchId: touch.touchId }],
    );
    return readMove(next);
  }

  /** Sleeps until then, or until a signal; null waits for a signal alone. */
  async function wokenBefore(wakeAt: number | null, summary: string): Promise<boolean> {
    if (wakeAt === null) {
      await condition(() => woken);
      return true;
    }
    return condition(() => woken, Math.max(1, wakeAt - Date.now()), { summary });
  }
}

/** Reads a move as this version or an older one has stored it. */
function readMove(move: StoredMove): NextMove {
  return 'kind' in move ? move : ({ ...move, kind: move.do } as unknown as NextMove);
}

/** Shows the step in the Web UI's list; a delay of the same step says nothing new. */
function announce(touch: NextMove & { kind: 'deliver' }, status: SequenceStatus): void {
  if (status.step === touch.step) return;
  Object.assign(status, { step: touch.step, channel: touch.channel });
  upsertSearchAttributes({
    [searchAttributes.step]: [String(touch.step)],
    [searchAttributes.channel]: [touch.channel],
  });
}
