import { byChannel, channelNamed, type Channel } from '../../domain/channels';
import type { Network, SenderKind } from '../../domain/channels/channel-rules';
import type { LocalDate } from '../../domain/calendar/local-date';
import type { SenderState, TouchFacts } from '../../domain/facts';
import type { Sender } from '../../domain/limits';
import { daysToWaitForResource } from '../../domain/next-move';
import type { Outage } from '../../domain/outages';
import { windowEndHour, windowStartHour } from '../../domain/calendar/send-window';
import { resourcesOf } from '../senders/resources';

/** A sender of the client on one channel. */
export interface SenderRow {
  id: string;
  kind: SenderKind;
  channel: string;
  provider: string;
  /** Until someone lifts it. */
  paused: boolean;
  /** End of its rest or of its last one, ISO 8601. */
  restedUntil: string | null;
  /** Its provider does not answer it. */
  outage: Outage | null;
  domain: { id: string; warmupStartedAt: LocalDate; isHalved: boolean } | null;
}

/** What a seat of the client is to the person. */
export interface RelationRow {
  senderId: string;
  state: 'invited' | 'connected';
}

/** Of an enrollment, what decides who sends. */
interface Enrolled {
  clientId: string;
  clientTimezone: string;
  touches: readonly (Pick<TouchFacts, 'channel' | 'status'> & { senderId: string | null })[];
  senders: readonly SenderRow[];
  relations: readonly RelationRow[];
}

interface SendersByChannel {
  states: Record<Channel, SenderState>;
  ready: Record<Channel, Sender[]>;
  readyFrom: Record<Channel, Date>;
  /** Of senders whose provider does not answer them now. */
  outages: Record<Channel, (Outage & { senderId: string })[]>;
}

/** Who can be booked on each channel, and from when on. */
export function sendersByChannel(row: Enrolled, now: Date): SendersByChannel {
  const client = { id: row.clientId, timezone: row.clientTimezone };
  const able = byChannel((channel) => ableOn(row, channel, now));
  return {
    states: byChannel((channel) =>
      able[channel].senders.length > 0 ? 'ready' : sendersOn(row, channel).length > 0 ? 'out' : 'none',
    ),
    ready: byChannel((channel) =>
      able[channel].senders.map((sender) => ({ id: sender.id, resources: resourcesOf(client, placeOf(sender)) })),
    ),
    readyFrom: byChannel((channel) => able[channel].from),
    outages: byChannel((channel) =>
      sendersOn(row, channel).flatMap(({ id, outage }) =>
        outage === null || !holdsAt(outage, now) ? [] : [{ ...outage, senderId: id }],
      ),
    ),
  };
}

/** Until then nothing is sent. Afterwards the sender is one like any other, and its next touch tries. */
const holdsAt = ({ retryAt }: Outage, now: Date): boolean => new Date(retryAt) > now;

/** A window is over when this time has passed: what meets an outage comes back in its next one, not again and again. */
const aWindowMs = (windowEndHour - windowStartHour) * 3_600_000;

const placeOf = ({ restedUntil, ...place }: SenderRow) => ({
  ...place,
  restedUntil: restedUntil === null ? null : new Date(restedUntil),
});

/** A sender whose rest ends within the days that a step waits for it anyway (SEQ-7) can be booked for afterwards. */
const longestRestMs = daysToWaitForResource * 86_400_000;

/**
 * Who can be booked, and from when on: whoever is there now; else, of those that rest or whose provider does not answer, the
 * first that is back.
 */
function ableOn(row: Enrolled, channel: Channel, now: Date): { senders: SenderRow[]; from: Date } {
  const unpaused = sendersOn(row, channel).filter((sender) => !sender.paused);
  const backAt = ({ restedUntil, outage }: SenderRow): number => {
    const rested = new Date(restedUntil ?? 0).getTime();
    if (outage === null || !holdsAt(outage, now)) return rested;
    return Math.max(rested, new Date(outage.retryAt).getTime(), now.getTime() + aWindowMs);
  };
  const ready = unpaused.filter((sender) => backAt(sender) <= now.getTime());
  if (ready.length > 0) return { senders: ready, from: now };
  const first = Math.min(...unpaused.map(backAt));
  if (first > now.getTime() + longestRestMs) return { senders: [], from: now };
  return { senders: unpaused.filter((sender) => backAt(sender) === first), from: new Date(first) };
}

/** The client's senders for this lead on a channel, paused or not. */
function sendersOn(row: Enrolled, channel: Channel): SenderRow[] {
  const all = row.senders.filter((sender) => channelNamed(sender.channel) === channel);
  const kept = keptSenders(row);
  return all.filter(({ kind, id }) => kept[kind]?.includes(id) ?? true);
}

/** By kind, the senders that a lead keeps once it knows them. */
function keptSenders(row: Enrolled): Partial<Record<SenderKind, string[]>> {
  const [mailbox, seats] = [mailboxOfThread(row), connectedSeats(row)];
  return {
    ...(mailbox === null ? {} : { mailbox: [mailbox] }),
    ...(seats.length === 0 ? {} : { linkedin_seat: seats }),
  };
}

/** Of the seats that the client has, those that are connected with the person. */
const connectedSeats = (row: Enrolled): string[] =>
  row.relations
    .filter(({ senderId, state }) => state === 'connected' && row.senders.some(({ id }) => id === senderId))
    .map(({ senderId }) => senderId);

/** What the client's seats are to the person. */
export function networkOf(row: Enrolled): Network {
  if (connectedSeats(row).length > 0) return 'connected';
  return row.relations.some(({ state }) => state === 'invited') ? 'invited' : 'strangers';
}

/** SEQ-9, LIM-5: the mailbox that the lead's e-mails come from, once one has gone out. */
function mailboxOfThread(row: Enrolled): string | null {
  const sent = row.touches.find(
    ({ channel, status }) => channel === 'email' && (status === 'sent' || status === 'uncertain'),
  );
  return sent?.senderId ?? null;
}
