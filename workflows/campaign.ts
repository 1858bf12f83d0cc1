import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import {
  campaignStatusQuery,
  completeCampaignUpdate,
  failureTypes,
  leadsImportedSignal,
  pauseCampaignUpdate,
  resumeCampaignUpdate,
  searchAttributes,
  taskQueues,
  type CampaignInput,
  type CampaignState,
  type PreparationActivities,
} from './contract';

const { admit, wakeLeads } = proxyActivities<PreparationActivities>({
  taskQueue: taskQueues.preparation,
  startToCloseTimeout: '10m',
  // A worker that died is missed after this, not after ten minutes.
  heartbeatTimeout: '30s',
  retry: { initialInterval: '2s', maximumInterval: '10m', nonRetryableErrorTypes: [failureTypes.notFound] },
});

/** About three months of daily admissions; then the history starts afresh. */
const historyLengthToContinue = 1_000;

/**
 * One active campaign. Each day of the client's calendar, and whenever its leads change, it has the client's leads admitted
 * (PACE-4) and sleeps. Pause, resume and complete are facts in the database before they arrive here as updates; the
 * workflow then wakes the leads that have to plan again.
 */
export async function campaign(input: CampaignInput): Promise<{ admitted: number }> {
  let state: CampaignState = input.carriedOver?.state ?? 'active';
  let admitted = input.carriedOver?.admitted ?? 0;
  let nextAdmissionAt: number | null = null;
  let changed = false;
  let leadsToWake = false;
  let shown: CampaignState | null = null;

  const become = (to: CampaignState) => (): CampaignState => {
    changed = true;
    // Also when the state is the same: an earlier change may not have been heard of. A pause wakes nobody, because its
    // leads find their bookings gone when their slots come.
    leadsToWake ||= to !== 'paused';
    state = to;
    return state;
  };
  const validator = (): void => {
    if (state === 'completed') throw ApplicationFailure.nonRetryable('the campaign is completed', 'CampaignCompleted');
  };
  setHandler(pauseCampaignUpdate, become('paused'), { validator });
  setHandler(resumeCampaignUpdate, become('active'), { validator });
  setHandler(completeCampaignUpdate, become('completed'), { validator });
  setHandler(leadsImportedSignal, () => void (changed = true));
  setHandler(campaignStatusQuery, () => ({ state, admitted, nextAdmissionAt }));

  for (;;) {
    changed = false;
    if (shown !== state) {
      shown = state;
      upsertSearchAttributes({ [searchAttributes.status]: [state] });
    }
    if (leadsToWake) {
      leadsToWake = false;
      await wakeLeads({ campaignId: input.campaignId });
    }
    if (isCompleted()) break;
    const day = await admit({ campaignId: input.campaignId });
    admitted = day.admittedInAll ?? admitted + day.admitted;
    if (!changed) state = day.state;
    nextAdmissionAt = state === 'active' ? day.nextAt : null;
    await condition(() => changed, Math.max(1, day.nextAt - Date.now()), { summary: 'next admission' });
    if (workflowInfo().historyLength > historyLengthToContinue && !leadsToWake && !isCompleted()) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof campaign>({ ...input, carriedOver: { state, admitted } });
    }
  }
  await condition(allHandlersFinished);
  return { admitted };

  // State changes in handlers while the loop awaits, which the compiler's narrowing cannot see.
  function isCompleted(): boolean {
    return state === 'completed';
  }
}
