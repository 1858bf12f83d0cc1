import type { Counted } from '../limits';
import type { ChannelRules, Network, SenderKind } from './channel-rules';
import { email } from './email';
import { linkedin } from './linkedin';
import { sms } from './sms';
import { voice } from './voice';

/** The channels of outreach. Everything that must know all of them is a Record<Channel, …> or derives from this list. */
export const channelRules = { email, voice, linkedin, sms } as const satisfies Record<string, ChannelRules>;

export type Channel = keyof typeof channelRules;

/** What a touch can be. A form belongs to one channel. */
export type TouchForm = { [C in Channel]: keyof (typeof channelRules)[C]['forms'] }[Channel];

/** In the order of the specification's tables. */
export const channels = Object.keys(channelRules) as readonly Channel[] as readonly [Channel, ...Channel[]];

export const rulesOf = (channel: Channel): ChannelRules => channelRules[channel];

/** The channels that are sent from a kind of sender. */
export const channelsFrom = (kind: SenderKind): readonly Channel[] =>
  channels.filter((channel) => rulesOf(channel).sender === kind);

/** A channel by its name in the database. @throws RangeError for one that this code does not know */
export function channelNamed(name: string): Channel {
  if (Object.hasOwn(channelRules, name)) return name as Channel;
  throw new RangeError(`there is no channel ${name}`);
}

/** The forms of a channel's touches, the usual one first. */
export const formsOf = (channel: Channel): readonly [TouchForm, ...TouchForm[]] =>
  Object.keys(rulesOf(channel).forms) as [TouchForm, ...TouchForm[]];

export const touchForms: readonly TouchForm[] = channels.flatMap(formsOf);

export function channelOf(form: TouchForm): Channel {
  return channels.find((channel) => formsOf(channel).includes(form)) ?? channelNamed(form);
}

/** @param name null: the only form that the channel has. @throws RangeError for one that this channel does not have */
export function formNamed(channel: Channel, name: string | null): TouchForm {
  const form = formsOf(channel).find((each) => each === (name ?? formsOf(channel)[0]));
  if (form === undefined) throw new RangeError(`a touch by ${channel} has no form ${name}`);
  return form;
}

/** A form as it is stored: only where the channel has several. */
export const storedForm = (channel: Channel, form: TouchForm): TouchForm | null =>
  formsOf(channel).length > 1 ? form : null;

/** What a touch of this form counts as (LIM), but for what an earlier attempt has done already. */
export function countsOf(form: TouchForm, done: readonly Counted[] = []): Counted[] {
  const counts = rulesOf(channelOf(form)).forms[form] ?? [];
  return counts.filter((counted) => !done.includes(counted));
}

/** Everything that the touches of a channel can count as. */
export const countsOn = (channel: Channel): readonly Counted[] => Object.values(rulesOf(channel).forms).flat();

/** The form that a touch takes now, or the words for why there is none (SEQ-7). */
export function formFor(channel: Channel, network: Network): { form: TouchForm } | { skip: string } {
  const choice = rulesOf(channel).choose?.(network) ?? { form: formsOf(channel)[0] };
  return 'skip' in choice ? choice : { form: formNamed(channel, choice.form) };
}

/** A value for each channel. */
export function byChannel<T>(valueOf: (channel: Channel) => T): Record<Channel, T> {
  return Object.fromEntries(channels.map((channel) => [channel, valueOf(channel)])) as Record<Channel, T>;
}
