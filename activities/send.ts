import type { Channel } from '../domain/channels';
import { formNamed } from '../domain/channels';
import { lookForADay, type LookAnswer, type LookUntil } from '../domain/reconciliation';
import type {
  ChannelRequests,
  ChannelSender,
  FindOutcome,
  Permit,
  SendOutcome,
  WithdrawOutcome,
} from '../providers/ports';
import type { ClaimedTouch } from '../store/touches/claims';
import { isErasedAddress } from '../store/leads/leads';
import { readEnvelope, type Envelope } from '../store/touches/envelope';
import { actionsOf } from './channels';
import { Lacking } from './channels/channel-actions';
import type { TouchContent } from './content/facts';
import type { ActivityDeps } from './deps';

/** A touch with its request ready: nothing more is read to send it. The provider's errors are outcomes, never exceptions. */
export interface ReadyTouch {
  /** What the request was made from (store/touches/envelope.ts). */
  envelope: string;
  /** The reference under which the provider has the touch if it has it; null: the provider's own. */
  reference: string | null;
  send(permit: Permit): Promise<SendOutcome>;
  /** Has the provider a request that was made since then? */
  find(since: Date): Promise<FindOutcome>;
  /** Takes it back from a provider that has not sent it yet. */
  withdraw(): Promise<WithdrawOutcome>;
  /** How far what it finds can be trusted. */
  listing: LookUntil;
  /** Did the provider not answer this sender the last time? */
  wasFailing: boolean;
  /** May the provider hold it and send it later? Then it can be taken back until it has left. */
  isHeld: boolean;
}

/**
 * Makes a touch's request, before it is claimed.
 * @returns null for a touch that cannot be sent: its lead was erased, or it has no text or sender
 */
export async function makeReady(deps: ActivityDeps, touchId: string): Promise<ReadyTouch | null> {
  const envelope = await readEnvelope(deps.database.sql, touchId);
  if (envelope === null || isErasedAddress(envelope.lead.email)) return null;
  try {
    return readyBy(deps, envelope, envelope.touch.channel, await deps.clock.now());
  } catch (error) {
    if (error instanceof Lacking) return null;
    throw error;
  }
}

/** What the provider said, how far that can be trusted, and the reference under which it has the touch if it has it. */
export interface FindResult {
  found: LookAnswer;
  until: LookUntil;
  reference: string | null;
  /** May the provider hold it and send it later? */
  isHeld: boolean;
}

/**
 * Asks the provider whether it has a touch that an interrupted attempt may have sent (TRUTH-1). Of a lead that was
 * erased meanwhile nobody can be asked.
 */
export async function findTouch(
  deps: ActivityDeps,
  touch: Pick<ClaimedTouch, 'touchId' | 'claimedAt'>,
): Promise<FindResult> {
  const ready = await makeReady(deps, touch.touchId);
  if (ready === null) return { found: 'erased', until: lookForADay, reference: null, isHeld: false };
  const { reference, isHeld, listing: until } = ready;
  return { found: await ready.find(touch.claimedAt), until, reference, isHeld };
}

/** Takes a touch back that its provider holds. Of a lead that was erased meanwhile nobody can be spoken of. */
export async function withdrawTouch(deps: ActivityDeps, touchId: string): Promise<WithdrawOutcome> {
  const ready = await makeReady(deps, touchId);
  return ready === null ? 'unknown' : ready.withdraw();
}

/** @throws Lacking */
function readyBy<C extends Channel>(deps: ActivityDeps, envelope: Envelope, channel: C, now: Date): ReadyTouch {
  const actions = actionsOf<C>(formNamed(channel, envelope.touch.form));
  const context = { envelope, now, publicBaseUrl: deps.publicBaseUrl };
  const request = actions.request(context, envelope.content as TouchContent);
  const sender: ChannelSender<ChannelRequests[C]> = deps.providers.sender(channel, envelope.sender.provider);
  return {
    envelope: envelope.version,
    reference: actions.reference(context),
    send: (permit) => sender.send(request, permit),
    find: (since) => sender.find(request, since),
    withdraw: async () => (await sender.withdraw?.(request)) ?? 'unknown',
    isHeld: sender.withdraw !== undefined,
    listing: sender.listing ?? lookForADay,
    wasFailing: envelope.sender.isFailing,
  };
}
