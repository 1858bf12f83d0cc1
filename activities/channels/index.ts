import { z } from 'zod';
import type { Channel, TouchForm } from '../../domain/channels';
import type { channelRules } from '../../domain/channels';
import type { TouchContent } from '../content/facts';
import type { ChannelActions } from './channel-actions';
import { emailActions } from './email';
import { invitationActions, messageActions } from './linkedin';
import { smsActions } from './sms';
import { voiceActions } from './voice';

/** The channel that a form belongs to. */
type ChannelOf<F extends TouchForm> = {
  [C in Channel]: F extends keyof (typeof channelRules)[C]['forms'] ? C : never;
}[Channel];

/** What the activities do, by form of touch. A form that is missing here does not compile. */
export const formActions = {
  email: emailActions,
  voice: voiceActions,
  invitation: invitationActions,
  message: messageActions,
  sms: smsActions,
} as const satisfies {
  // Each form has a text of its own; only its own functions ever see it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [F in TouchForm]: ChannelActions<ChannelOf<F>, any>;
};

/** The actions of a form, for texts whose shape its own `answer` has checked. */
export function actionsOf<C extends Channel>(form: TouchForm): ChannelActions<C, TouchContent> {
  return formActions[form] as unknown as ChannelActions<C, TouchContent>;
}

/**
 * The shape of the writer's answer as a JSON schema for the provider: every object closed, every field required.
 * Lengths are left to the checks: Claude's structured output knows no length keywords, and a check can tell the writer
 * what to do better.
 */
export function answerJsonSchema(form: TouchForm): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(formActions[form].answer);
  return schema;
}
