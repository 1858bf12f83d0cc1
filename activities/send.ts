import type { Channel } from '../domain/channels';
import type { ChannelRequests, ChannelSender, FindOutcome, SendOutcome, WithdrawOutcome } from '../providers/ports';
import type { ClaimedTouch } from '../store/touches/claims';
import { isErasedAddress } from '../store/leads/leads';
import { readEnvelope } from '../store/touches/envelope';
import { actionsOf } from './channels';
import { Lacking } from './channels/channel-actions';
import type { TouchContent } from './content/facts';
import type { ActivityDeps } from './deps';

/** What the provider said, and the reference under which it has the touch if it has it. */
export interface SendResult {
  outcome: SendOutcome;
  reference: string | null;
  /** May the provider hold it and send it later? Then it can be taken back until it has left. */
  isHeld: boolean;
}

/**
 * Hands a claimed touch to its provider, once. The provider's errors come back as outcomes, never as exceptions. To a lead
 * that was erased since the claim nothing is sent.
 */
export async function sendTouch(deps: ActivityDeps, touch: ClaimedTouch): Promise<SendResult> {
  try {
    const { sender, request, reference } = await addressed(deps, touch, touch.channel);
    return { outcome: await sender.send(request), reference, isHeld: sender.withdraw !== undefined };
  } catch (error) {
    if (!(error instanceof Lacking)) throw error;
    return { outcome: { kind: 'rejected', retry: 'never', error: 'erased' }, reference: null, isHeld: false };
  }
}

/**
 * Asks the provider whether it has a touch that an interrupted attempt may have sent (TRUTH-1). Of a lead that was
 * erased meanwhile nobody can be asked.
 */
export async function findTouch(
  deps: ActivityDeps,
  touch: ClaimedTouch,
): Promise<{ found: FindOutcome; reference: string | null; isHeld: boolean }> {
  try {
    const { sender, request, reference } = await addressed(deps, touch, touch.channel);
    const isHeld = sender.withdraw !== undefined;
    return { found: await sender.find(request, touch.claimedAt), reference, isHeld };
  } catch (error) {
    if (error instanceof Lacking) return { found: 'unknown', reference: null, isHeld: false };
    throw error;
  }
}

/** Takes a touch back that its provider holds. Of a lead that was erased meanwhile nobody can be spoken of. */
export async function withdrawTouch(deps: ActivityDeps, touch: ClaimedTouch): Promise<WithdrawOutcome> {
  try {
    const { sender, request } = await addressed(deps, touch, touch.channel);
    return (await sender.withdraw?.(request)) ?? 'unknown';
  } catch (error) {
    if (error instanceof Lacking) return 'unknown';
    throw error;
  }
}

/**
 * The request of a touch, and the provider through which its sender sends.
 * @throws Lacking when the lead was erased
 */
async function addressed<C extends Channel>(
  deps: ActivityDeps,
  touch: ClaimedTouch,
  channel: C,
): Promise<{ sender: ChannelSender<ChannelRequests[C]>; request: ChannelRequests[C]; reference: string | null }> {
  const envelope = await readEnvelope(deps.database.sql, touch);
  if (isErasedAddress(envelope.lead.email)) throw new Lacking(`the lead of touch ${touch.touchId} was erased`);
  const actions = actionsOf<C>(touch.form);
  const context = { touch, envelope, publicBaseUrl: deps.publicBaseUrl };
  return {
    sender: deps.providers.sender(channel, envelope.sender.provider),
    request: actions.request(context, envelope.content as TouchContent),
    reference: actions.reference(context),
  };
}
