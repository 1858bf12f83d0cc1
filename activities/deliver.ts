import type { Because } from '../domain/facts';
import type { SendOutcome } from '../providers/ports';
import { failpoint } from '../runtime/failpoints';
import { suppressBouncedEmail } from '../store/leads/bounced-email';
import { forgetSeatRelation, noteSeatRelation } from '../store/leads/seat-relations';
import { restSender } from '../store/senders/rests';
import { rescoreComputed } from '../store/leads/scoring';
import { takeOutSender } from '../store/senders/senders';
import { claimForSending, type ClaimedTouch } from '../store/touches/claims';
import { finishSending, planAgain } from '../store/touches/outcomes';
import { noteLook } from '../store/touches/looks';
import { delayTouch } from '../store/touches/steps';
import { WriterUnavailable } from '../providers/ports';
import type { DeliverInput, NextMove } from '../workflows/contract';
import type { ActivityDeps } from './deps';
import { prepare } from './prepare';
import { findTouch, sendTouch } from './send';

/** A touch that providers have definitely refused this often is given up. */
const maximumClaims = 5;
/** How long a lead waits before it asks the writer again, in milliseconds. */
const writerPauseMs = 5 * 60_000;

/**
 * Sends one touch at most once (TRUTH-1): claim (committed), provider call, finish (committed). Then it says what
 * comes next, booked and written already (LIM-4). Safe to repeat at any point: whoever finds the touch `sending` did
 * not send it and asks the provider instead.
 */
export async function deliver(deps: ActivityDeps, input: DeliverInput): Promise<NextMove> {
  await failpoint('before-claim');
  const claim = await claimForSending(deps.database, input, deps.secretKey, await deps.clock.now());
  switch (claim.kind) {
    case 'claimed': {
      await failpoint('claimed');
      const result = await sendTouch(deps, claim.touch);
      await failpoint('answer-read');
      await settle(deps, claim.touch, result);
      await failpoint('committed');
      break;
    }
    case 'sending':
      await reconcile(deps, claim.touch);
      break;
    case 'refused':
      // The gate said no: the slot is given back, and the plan decides anew (TIME-7).
      if (claim.isDue) await delayTouch(deps.database, claim.touch, claim.because, await deps.clock.now());
      break;
    case 'finished':
      break;
  }
  return whatComesNext(deps, input);
}

/** Without a writer the lead is not held up here: it comes back through `prepare`, which retries by its own policy. */
async function whatComesNext(deps: ActivityDeps, input: DeliverInput): Promise<NextMove> {
  try {
    return await prepare(deps, { enrollmentId: input.enrollmentId });
  } catch (error) {
    if (!(error instanceof WriterUnavailable)) throw error;
    const until = new Date((await deps.clock.now()).getTime() + writerPauseMs);
    return { kind: 'wait', wakeAt: deps.clock.toWorkflowTime(until), label: 'waiting for the writer' };
  }
}

/** Writes down what the provider said: sent, certainly not sent, or unknown. */
async function settle(
  deps: ActivityDeps,
  touch: ClaimedTouch,
  { outcome, reference }: { outcome: SendOutcome; reference: string | null },
): Promise<void> {
  const now = await deps.clock.now();
  const { touchId, channel, step } = touch;
  deps.log.info({ touchId, channel, step, outcome: outcome.kind }, 'delivery');
  if (outcome.kind === 'rejected') return settleRejected(deps, touch, outcome, now);
  const because: Because =
    outcome.kind === 'accepted'
      ? { reason: 'accepted by the provider', rule: 'TRUTH-1', numbers: {} }
      : { reason: `outcome unknown: ${outcome.error}`, rule: 'TRUTH-1', numbers: {} };
  const status = outcome.kind === 'accepted' ? 'sent' : 'uncertain';
  const known = outcome.kind === 'accepted' ? (outcome.reference ?? reference) : reference;
  await finishSending(deps.database, touch, { status, reference: known, because }, now);
}

async function settleRejected(
  deps: ActivityDeps,
  touch: ClaimedTouch,
  outcome: SendOutcome & { kind: 'rejected' },
  now: Date,
): Promise<void> {
  const numbers = { error: outcome.error, attempt: touch.fence, attempts: maximumClaims };
  const because = { reason: `refused by the provider: ${outcome.error}`, rule: 'LIM-6', numbers };
  if (outcome.looked === true) await noteLook(deps.database.sql, touch, now);
  await noteNetwork(deps, touch, outcome, now);
  if (outcome.retry === 'rest') return rest(deps, touch, outcome, now);
  if (outcome.retry === 'resource') {
    const { clientId, channel, senderId } = touch;
    await takeOutSender(deps.database.sql, { clientId, channel, senderId, error: outcome.error }, now);
  }
  if (outcome.retry !== 'never' && touch.fence < maximumClaims) {
    return planAgain(deps.database, touch, because, now);
  }
  if (outcome.hardBounce === true) {
    await suppressBouncedEmail(deps.database.sql, touch, deps.secretKey, now);
    await rescoreComputed(deps.database, { clientId: touch.clientId, leadIds: [touch.leadId] }, now);
  }
  await finishSending(deps.database, touch, { status: 'failed', reference: null, because }, now);
}

/** What the provider says that seat and person are to each other decides the next plan: another form, or none. */
async function noteNetwork(
  { database: { sql } }: ActivityDeps,
  touch: ClaimedTouch,
  { network }: SendOutcome & { kind: 'rejected' },
  now: Date,
): Promise<void> {
  if (network === 'strangers') await forgetSeatRelation(sql, touch);
  else if (network !== undefined) await noteSeatRelation(sql, { ...touch, state: network }, now);
}

/** A throttled sender rests; its touch certainly did not leave and is planned again, however often (LIM-6). */
async function rest(
  { database }: ActivityDeps,
  touch: ClaimedTouch,
  { error, retryAfterSeconds }: SendOutcome & { kind: 'rejected' },
  now: Date,
): Promise<void> {
  const until = retryAfterSeconds === undefined ? null : restEnd(now, retryAfterSeconds);
  const { clientId, senderId } = touch;
  await restSender(database.sql, { clientId, senderId, error, until }, now);
  const numbers = { error, restsUntil: until?.toISOString() ?? null };
  const because: Because = { reason: `throttled by the provider: ${error}`, rule: 'SEQ-7', numbers };
  await planAgain(database, touch, because, now);
}

/** Bounds of a rest in seconds, whatever a provider says: a minute, thirty days. */
const rests = { shortest: 60, longest: 30 * 86_400 } as const;

const restEnd = (now: Date, seconds: number): Date =>
  new Date(now.getTime() + Math.min(Math.max(seconds, rests.shortest), rests.longest) * 1000);

/**
 * An earlier attempt claimed this touch and was not heard of again. If the provider can be asked and has it, it was
 * sent; everything else stays uncertain, unless an event proves it (`finishSending`), and is never sent again blindly
 * (TRUTH-1).
 */
async function reconcile(deps: ActivityDeps, touch: ClaimedTouch): Promise<void> {
  const { found, reference } = await findTouch(deps, touch);
  const isSent = found === 'found';
  const because = isSent
    ? { reason: 'found at the provider', rule: 'TRUTH-1', numbers: {} }
    : { reason: 'an attempt was interrupted and the provider cannot tell', rule: 'TRUTH-1', numbers: {} };
  const status = isSent ? 'sent' : 'uncertain';
  const now = await deps.clock.now();
  await finishSending(deps.database, touch, { status, reference, because }, now);
}
