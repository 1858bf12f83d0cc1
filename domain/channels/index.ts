import type { ChannelRules, SenderKind } from './channel-rules';
import { email } from './email';
import { linkedin } from './linkedin';
import { sms } from './sms';
import { voice } from './voice';

/** The channels of outreach. Everything that must know all of them is a Record<Channel, …> or derives from this list. */
export const channelRules = { email, voice, linkedin, sms } as const satisfies Record<string, ChannelRules>;

export type Channel = keyof typeof channelRules;

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

/** A value for each channel. */
export function byChannel<T>(valueOf: (channel: Channel) => T): Record<Channel, T> {
  return Object.fromEntries(channels.map((channel) => [channel, valueOf(channel)])) as Record<Channel, T>;
}
