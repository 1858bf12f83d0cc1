import { channelsFrom, countsOn, type Channel } from '../../domain/channels';
import type { SenderKind } from '../../domain/channels/channel-rules';
import type { LimitUse } from '../../store/capacity/counters';
import { providersOf } from '../../providers';
import { senderResource } from '../../store/senders/resources';
import { listSenders, readSender, type SenderRecord, type SenderUse } from '../../store/senders/senders';
import type { ApiDeps } from '../ports';
import { Problem } from '../problem';
import { isoOf } from '../schemas/basics';
import { clientCalendar, countedFor, limitUses, limitViews, mainCount, stateView, todaysUse } from './capacity-view';
import type { Owned } from './resource';

/** Through which provider each channel goes, as a request says it. */
export type AskedProviders = Partial<Record<Channel, string | undefined>> | undefined;

/**
 * What a sender is used for: on each channel the provider that was asked for, else the one it has, else the first one
 * that offers the channel.
 * @throws Problem 400 that names the channel whose provider does not offer it, or that is not sent from here
 */
export function usesOf(
  channels: readonly Channel[],
  asked: AskedProviders,
  present: readonly SenderUse[] = [],
): SenderUse[] {
  for (const channel of Object.keys(asked ?? {}) as Channel[]) {
    if (!channels.includes(channel)) throw refused(channel, `${channel} is not sent from here`);
  }
  return [...new Set(channels)].map((channel) => {
    const offered = providersOf(channel);
    const provider = asked?.[channel] ?? present.find((use) => use.channel === channel)?.provider ?? offered[0];
    if (provider !== undefined && offered.includes(provider)) return { channel, provider };
    throw refused(channel, `must be one of: ${offered.join(', ')}`);
  });
}

/**
 * What a change asks for where a kind has its channels once and for all; undefined: what it has stays.
 * @throws Problem 400, as above
 */
export function changedUses(kind: SenderKind, asked: AskedProviders): SenderUse[] | undefined {
  return asked === undefined || Object.keys(asked).length === 0 ? undefined : usesOf(channelsFrom(kind), asked);
}

function refused(channel: Channel, message: string): Problem {
  const field = `providers.${channel}`;
  return new Problem('invalid-request', `Not valid: ${field}.`, [{ field, message }]);
}

/** What is alike for every kind of sender: how it is listed, read, paused and shown. */
export function senderBasics(deps: ApiDeps, kind: SenderKind) {
  const { database } = deps;
  return {
    list: (clientId: string, page: Parameters<typeof listSenders>[2]) =>
      listSenders(database, { clientId, kind }, page),
    read: (owner: Owned) => readSender(database, { ...owner, kind }),
    pausable: ({ clientId, id }: Owned) => ({ kind: 'sender' as const, senderId: id, clientId }),
  };
}

/** A sender as every kind of it is shown, and what its limits say today. */
export interface ShownSender {
  row: SenderRecord;
  uses: LimitUse[];
  common: ReturnType<typeof commonView>;
}

export async function showSenders(
  deps: ApiDeps,
  clientId: string,
  rows: readonly SenderRecord[],
): Promise<ShownSender[]> {
  const { today, timezone, now } = await clientCalendar(deps, clientId);
  const resources = rows.map(({ id, kind, uses, restedUntil }) => ({
    resource: senderResource({ id, kind, restedUntil }, timezone),
    counts: countedFor(
      kind,
      uses.flatMap(({ channel }) => countsOn(channel)),
    ),
  }));
  const byId = await limitUses(deps, today, resources);
  return rows.map((row) => {
    const uses = byId.get(row.id) ?? [];
    return { row, uses, common: commonView(row, uses, now) };
  });
}

function commonView(row: SenderRecord, uses: readonly LimitUse[], now: Date) {
  const used = row.uses.flatMap(({ channel }) => mainCount(channel));
  return {
    id: row.id,
    ...stateView(row, now),
    ...todaysUse(uses, used),
    limits: limitViews(uses),
    providers: Object.fromEntries(row.uses.map(({ channel, provider }) => [channel, provider])),
    outages: row.outages.map(({ since, retryAt, ...outage }) => ({
      ...outage,
      since: isoOf(since),
      retryAt: isoOf(retryAt),
    })),
  };
}
