import type { Because } from '../domain/facts';
import type { LookAnswer } from '../domain/reconciliation';
import { leaseOver, WriterUnavailable, type SendOutcome } from '../providers/ports';
import { failpoint } from '../runtime/failpoints';
import { suppressBouncedEmail } from '../store/leads/bounced-email';
import { forgetSeatRelation, noteSeatRelation } from '../store/leads/seat-relations';
import { checkHealthOf } from '../store/senders/health';
import { restSender } from '../store/senders/rests';
import { rescoreComputed } from '../store/leads/scoring';
import { takeOutSender } from '../store/senders/senders';
import type { ClaimedTouch } from '../store/touches/claims';
import { finishSending, planAgain, type Sending } from '../store/touches/outcomes';
import { noteLook } from '../store/touches/looks';
import { delayTouch } from '../store/touches/steps';
import type { DeliverInput, NextMove } from '../workflows/contract';
import { claim, permitOf, type Claimed } from './claim';
import type { ActivityDeps } from './deps';
import { insist } from './insist';
import { noteAnswer } from './note-answer';
import { prepare } from './prepare';
import { findTouch } from './send';

/** How often a provider may look at a touch and refuse it for now, before it is given up. */
const maximumRefusals = 5;
/** How long a lead waits before it asks the writer again, in milliseconds. */
const writerPauseMs = 5 * 60_000;

/**
 * Sends one touch at most once (TRUTH-1): claim (committed), the mark before the first byte (committed), provider call,
 * finish (committed). Then it says what comes next, booked and written already (LIM-4). Safe to repeat at any point: whoever
 * finds the touch `sending` did not send it, and asks the provider if it was handed over.
 */
export async function deliver(deps: ActivityDeps, input: DeliverInput): Promise<NextMove> {
  await failpoint('before-claim');
  const claimed = await claim(deps, input);
  switch (claimed.kind) {
    case 'claimed':
      await failpoint('claimed');
      await send(deps, claimed);
      await failpoint('committed');
      break;
    case 'sending':
      await insist(() => (claimed.isHandedOver ? reconcile(deps, claimed.touch) : takeBack(deps, claimed.touch)));
      break;
    case 'refused':
      // The gate said no: the slot is given back, and the plan decides anew (TIME-7).
      if (claimed.isDue) await delayTouch(deps.database, claimed.touch, claimed.because, await deps.clock.now());
      break;
    case 'finished':
      break;
  }
  return whatComesNext(deps, input);
}

/** Hands a claimed touch to its provider, once, and writes down what came of it while the answer is in hand. */
async function send(deps: ActivityDeps, claimed: Claimed & { kind: 'claimed' }): Promise<void> {
  const { touch, ready, tooLateFrom } = claimed;
  const { touchId, channel, step } = touch;
  const { permit, refusal } = permitOf(deps, touch, tooLateFrom);
  const outcome = await ready.send(permit);
  await failpoint('answer-read');
  deps.log.info({ touchId, channel, step, outcome: outcome.kind }, 'delivery');
  const now = await deps.clock.now();
  await insist(() => settle(deps, claimed, { outcome, refusal: refusal() }, now));
  await noteAnswer(deps, touch, { outcome, wasFailing: ready.wasFailing }, now);
}

function settle(
  deps: ActivityDeps,
  claimed: Claimed & { kind: 'claimed' },
  { outcome, refusal }: { outcome: SendOutcome; refusal: Because | null },
  now: Date,
): Promise<void> {
  switch (outcome.kind) {
    case 'accepted':
      return finishAccepted(deps, claimed, outcome, now);
    case 'unknown':
      return finishUnknown(deps, claimed, outcome.error);
    case 'rejected':
      return settleRejected(deps, claimed.touch, { ...outcome, refusal }, now);
  }
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

/** Sent; or taken by a provider that sends it later, and tells when it has. */
function finishAccepted(
  deps: ActivityDeps,
  { touch, ready }: Claimed & { kind: 'claimed' },
  outcome: SendOutcome & { kind: 'accepted' },
  now: Date,
): Promise<void> {
  const { isHeld } = ready;
  const sending: Sending =
    outcome.isSent === false
      ? // It has no name yet: the event that it has left brings the provider's own.
        { status: 'uncertain', reference: outcome.reference, because: notYetSent, isHeld }
      : { status: 'sent', reference: outcome.reference ?? ready.reference, because: accepted, isHeld };
  return finishSending(deps.database, touch, { ...sending, answeredAt: now }, now);
}

const accepted: Because = { reason: 'accepted by the provider', rule: 'TRUTH-1', numbers: {} };
const notYetSent: Because = {
  reason: 'handed over to the provider, which has not said yet that it left',
  rule: 'TRUTH-1',
  numbers: {},
};

/** No answer, or one that says nothing: the provider is asked at once whether it has the touch. */
async function finishUnknown(
  deps: ActivityDeps,
  { touch, ready }: Claimed & { kind: 'claimed' },
  error: string,
): Promise<void> {
  const { reference, isHeld } = ready;
  const found = await ready.find(touch.claimedAt);
  await finishLookedUp(deps, touch, { found, reference, isHeld, otherwise: `outcome unknown: ${error}` });
}

/** A rejection, and why the permit was refused, if that is what it is. */
type Rejection = SendOutcome & { kind: 'rejected'; refusal: Because | null };

/**
 * Certainly not sent. What is not this touch's fault (an outage, a throttle, a sender that is out, a slot that was missed on
 * the way) is planned again, however often; what a provider has refused too often, or for good, has failed.
 */
async function settleRejected(deps: ActivityDeps, touch: ClaimedTouch, outcome: Rejection, now: Date): Promise<void> {
  if (outcome.looked === true) await noteLook(deps.database.sql, touch, now);
  if (outcome.error === leaseOver) return planAgain(deps.database, touch, outcome.refusal ?? notPermitted, now);
  await noteNetwork(deps, touch, outcome, now);
  if (outcome.retry === 'rest') return rest(deps, touch, outcome, now);
  if (outcome.retry === 'resource') {
    const { clientId, channel, senderId } = touch;
    await takeOutSender(deps.database.sql, { clientId, channel, senderId, error: outcome.error }, now);
  }
  const isRefusal = outcome.retry === 'never' || outcome.aboutTouch === true;
  const refusals = touch.refusals + (isRefusal ? 1 : 0);
  const numbers = { error: outcome.error, refusals, maximumRefusals };
  const because: Because = { reason: `refused by the provider: ${outcome.error}`, rule: 'LIM-6', numbers };
  if (outcome.retry !== 'never' && refusals < maximumRefusals) {
    return planAgain(deps.database, touch, { ...because, isRefusal }, now);
  }
  if (outcome.hardBounce === true) {
    await suppressBouncedEmail(deps.database.sql, touch, deps.secretKey, now);
    await rescoreComputed(deps.database, { clientId: touch.clientId, leadIds: [touch.leadId] }, now);
  }
  const { hardBounce = false } = outcome;
  const refused: Because = hardBounce ? { ...because, numbers: { ...numbers, hardBounce } } : because;
  const sending = { status: 'failed', reference: null, because: refused, answeredAt: now } as const;
  await finishSending(deps.database, touch, sending, now);
  if (hardBounce) await checkHealthOf(deps.database, touch.senderId, now);
}

const notPermitted: Because = { reason: 'its client did not ask in time', rule: 'TIME-7', numbers: {} };

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
 * An earlier attempt handed this touch over and was not heard of again. If the provider can be asked and has it, it was
 * sent; everything else stays uncertain, unless an event proves it (`finishSending`), and is never sent again blindly
 * (TRUTH-1).
 */
async function reconcile(deps: ActivityDeps, touch: ClaimedTouch): Promise<void> {
  const otherwise = 'an attempt was interrupted and the provider cannot tell';
  await finishLookedUp(deps, touch, { ...(await findTouch(deps, touch)), otherwise });
}

/** What a look at the provider says of a touch of unknown outcome. */
interface LookedUp {
  found: LookAnswer;
  reference: string | null;
  isHeld: boolean;
  otherwise: string;
}

/** Sent if the provider has it; uncertain, in these words, if it cannot tell. A list that does not show it yet proves nothing. */
async function finishLookedUp(deps: ActivityDeps, touch: ClaimedTouch, looked: LookedUp): Promise<void> {
  const { found, reference, isHeld, otherwise } = looked;
  const isSent = found === 'found';
  const because: Because = { reason: isSent ? 'found at the provider' : otherwise, rule: 'TRUTH-1', numbers: {} };
  const now = await deps.clock.now();
  await finishSending(deps.database, touch, { status: isSent ? 'sent' : 'uncertain', reference, because, isHeld }, now);
}

/** An earlier attempt died, or lost its lease, before it handed the touch over: it certainly did not leave (LIM-6). */
async function takeBack(deps: ActivityDeps, touch: ClaimedTouch): Promise<void> {
  const because: Because = { reason: 'its attempt ended before it left', rule: 'TRUTH-1', numbers: {} };
  await planAgain(deps.database, touch, because, await deps.clock.now());
}
