import { z } from 'zod';
import type { Channel } from '../../domain/channels';
import type { TouchContent } from '../content/facts';
import type { ChannelActions } from './channel-actions';
import { emailActions } from './email';
import { linkedinActions } from './linkedin';
import { smsActions } from './sms';
import { voiceActions } from './voice';

/** What the activities do, by channel. A channel that is missing here does not compile. */
export const channelActions = {
  email: emailActions,
  voice: voiceActions,
  linkedin: linkedinActions,
  sms: smsActions,
} as const satisfies {
  // Each channel has a text of its own; only its own functions ever see it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [C in Channel]: ChannelActions<C, any>;
};

/** The actions of a channel, for texts whose shape its own `answer` has checked. */
export function actionsOf<C extends Channel>(channel: C): ChannelActions<C, TouchContent> {
  return channelActions[channel] as unknown as ChannelActions<C, TouchContent>;
}

/**
 * The shape of the writer's answer as a JSON schema for the provider: every object closed, every field required.
 * Lengths are left to the checks: Claude's structured output knows no length keywords, and a check can tell the writer
 * what to do better.
 */
export function answerJsonSchema(channel: Channel): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(channelActions[channel].answer);
  return schema;
}
