import { setTimeout as delay } from 'node:timers/promises';
import type { Because } from '../domain/facts';
import { sendTimes } from '../domain/send-times';
import type { Permit } from '../providers/ports';
import { failpoint } from '../runtime/failpoints';
import { claimForSending, type ClaimAnswer, type ClaimedTouch } from '../store/touches/claims';
import { handOver } from '../store/touches/hand-over';
import type { DeliverInput } from '../workflows/contract';
import type { ActivityDeps } from './deps';
import { makeReady, type ReadyTouch } from './send';

/** Between two looks at a touch that another attempt may be sending, in milliseconds. */
const lookAgainMs = 250;
/** How often a request is made anew because something that it was made from has changed. */
const readings = 20;

/** A claim, and for one that was made the request. */
export type Claimed =
  (ClaimAnswer & { kind: 'claimed'; ready: ReadyTouch }) | Exclude<ClaimAnswer, { kind: 'claimed' | 'changed' }>;

/**
 * Claims a touch whose request is made already, from what stands in the database at the claim. Where another attempt may be
 * at work its end is awaited, for as long as its lease runs: nobody says what became of a touch while somebody may be
 * sending it (TRUTH-1).
 */
export async function claim(deps: ActivityDeps, input: DeliverInput): Promise<Claimed> {
  const { database, secretKey, clock } = deps;
  for (let reading = 0; reading < readings;) {
    const ready = await makeReady(deps, input.touchId);
    const claiming = { clock, times: deps.sendTimes ?? sendTimes, envelope: ready?.envelope ?? '' };
    const answer = await claimForSending(database, input, secretKey, claiming);
    if (answer.kind === 'sending' && answer.leaseMs > 0) await delay(Math.min(answer.leaseMs, lookAgainMs));
    else if (answer.kind === 'changed') reading += 1;
    else if (answer.kind !== 'claimed') return answer;
    else if (ready !== null) return { ...answer, ready };
    else throw new Error(`touch ${input.touchId} was claimed without its request`);
  }
  throw new Error(`what touch ${input.touchId} is made of keeps changing`);
}

/** The permit of one claim, and why it was refused; null: it was not asked, or not refused. */
export interface AskedPermit {
  permit: Permit;
  refusal(): Because | null;
}

/** Milliseconds after which the bytes of a touch that may leave have left, and its provider has hardly answered. */
const bytesMs = 4;

const tooLong: Because = { reason: 'its attempt took too long', rule: 'TIME-7', numbers: {} };

/**
 * Hands a claimed touch over when its client asks: the window and the minute after its slot are looked at once more
 * (TIME-7). A process that was frozen meanwhile hears it by a clock that nobody sets.
 */
export function permitOf(deps: ActivityDeps, touch: ClaimedTouch, tooLateFrom: Date): AskedPermit {
  const times = deps.sendTimes ?? sendTimes;
  let refusal: Because | null = null;
  const objection = async (): Promise<Because | null> => {
    const now = await deps.clock.now();
    if (now < tooLateFrom) return handOver(deps.database.sql, touch, times, now);
    const numbers = { tooLateFrom: tooLateFrom.toISOString() };
    return { reason: 'too late when it was about to leave', rule: 'TIME-7', numbers };
  };
  return {
    refusal: () => refusal,
    permit: async () => {
      const asked = performance.now();
      try {
        refusal = await objection();
      } catch (error) {
        deps.log.warn({ touchId: touch.touchId, err: error }, 'the mark before the first byte could not be made');
        refusal = { reason: 'the database could not be asked', rule: 'TRUTH-1', numbers: {} };
      }
      if (refusal === null && performance.now() - asked > times.markMs) refusal = tooLong;
      if (refusal === null) setTimeout(() => void failpoint('bytes-sent'), bytesMs);
      return refusal === null;
    },
  };
}
