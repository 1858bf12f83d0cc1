import type { z } from 'zod';
import type { Channel } from '../../domain/channels';
import type { ChannelRequests } from '../../providers/ports';
import type { Envelope } from '../../store/touches/envelope';
import type { WritingFacts } from '../content/facts';

/** What a request is made of: the touch and all that is known for sending it, when it is, and where recipients reach us. */
export interface SendContext {
  envelope: Envelope;
  /** The run's clock. */
  now: Date;
  /** No trailing slash. */
  publicBaseUrl: string;
}

/** What the activities do for one form of touch. A channel is one file beside this one and a line in index.ts for each form. */
export interface ChannelActions<C extends Channel, Text> {
  /** The shape of the writer's answer, and of what is stored (TEXT-4): an object of texts. */
  answer: z.ZodObject<Record<keyof Text & string, z.ZodString>>;
  /** What the writer is told about such texts. */
  prompt: string;
  /** Sentences for the writer: every reason against this text (TEXT-1, TEXT-2). */
  check(text: Text, facts: WritingFacts): string[];
  /** @throws Lacking when an erasure has taken what the channel needs */
  request(context: SendContext, text: Text): ChannelRequests[C];
  /** The reference that the request carries and that later events name; null: the provider's own. */
  reference(context: SendContext): string | null;
}

/** What the channel needs is not there: an erasure has taken it, or the gate will say so. */
export class Lacking extends Error {
  override readonly name = 'Lacking';
}

/** @throws Lacking */
export function given<T>(value: T | null, { touch }: Envelope): T {
  if (value === null) throw new Lacking(`touch ${touch.touchId} lacks what its channel ${touch.channel} needs`);
  return value;
}
