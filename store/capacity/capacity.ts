import { randomUUID } from 'node:crypto';
import {
  bookedSpacingSeconds,
  callSeconds,
  claimedSpacingSeconds,
  concurrentCalls,
  limitOn,
  ringSeconds,
  seatInvitationsPerSevenDays,
  type CapacityKind,
  type Sender,
} from '../../domain/limits';
import type { Because } from '../../domain/facts';
import type { LocalDate } from '../../domain/local-date';
import type { Channel } from '../../domain/sequence';
import type { Segment } from '../../domain/slots';
import type { Database, Transaction } from '../database';

export interface BookingRequest {
  clientId: string;
  campaignId: string;
  enrollmentId: string;
  step: number;
  channel: Channel;
  now: Date;
  /** May this booking admit a waiting lead (PACE-4)? */
  admit: boolean;
  /** In order of time. */
  segments: readonly Segment[];
  senders: readonly Sender[];
}

/**
 * booked: a slot was found and taken. kept: the touch had its slot already. full: no room in any segment.
 * closed: the enrollment or the touch has moved on, so nothing may be booked.
 */
export type Booking =
  { status: 'booked' | 'kept'; touchId: string; slotAt: Date; senderId: string } | { status: 'full' | 'closed' };

/** LIM-2: books the earliest slot with room, in one round trip and one commit; idempotent by (enrollment, step). */
export async function bookTouch(database: Database | Transaction, request: BookingRequest): Promise<Booking> {
  const { segments, senders, now, ...ids } = request;
  if (segments.length === 0 || senders.length === 0) return { status: 'full' };
  const argument = {
    ...ids,
    touchId: randomUUID(),
    now: now.toISOString(),
    spacingSeconds: bookedSpacingSeconds,
    segments,
    senders: senders.map((sender) => ({
      id: sender.id,
      perSevenDays: request.channel === 'linkedin' ? seatInvitationsPerSevenDays : null,
      resources: sender.resources.map((resource) => ({
        ...resource,
        limits: segments.map((segment) => limitOn(resource.kind, segment.day, sender.warmupStartedAt)),
      })),
    })),
  };
  const [row] = await database.$queryRaw<{ answer: BookingAnswer }[]>`
    SELECT book_touch(${JSON.stringify(argument)}::jsonb) AS answer`;
  if (row === undefined) throw new Error('book_touch answered nothing');
  const { answer } = row;
  if (answer.status === 'full' || answer.status === 'closed') return { status: answer.status };
  return {
    status: answer.status,
    touchId: answer.touchId,
    slotAt: new Date(answer.slotAt),
    senderId: answer.senderId,
  };
}

type BookingAnswer =
  | { status: 'booked' | 'kept'; touchId: string; slotAt: string; senderId: string }
  | { status: 'full' }
  | { status: 'closed' };

export interface ClaimRequest {
  touchId: string;
  channel: Channel;
  now: Date;
  /** Today in the client's zone, where the limits count. */
  day: LocalDate;
  kinds: readonly CapacityKind[];
  warmupStartedAt: LocalDate | null;
}

export type Claim = { claimed: true; fence: number } | ({ claimed: false } & Because);

/**
 * LIM-3: marks the touch as being sent if every limit, as it stands now, allows it. Inside the transaction that holds
 * the enrollment's lock and has asked the gate.
 */
export async function claimTouch(tx: Transaction, request: ClaimRequest): Promise<Claim> {
  const limits = request.kinds.map((kind) => [kind, limitOn(kind, request.day, request.warmupStartedAt)] as const);
  const argument = {
    touchId: request.touchId,
    now: request.now.toISOString(),
    day: request.day,
    limits: Object.fromEntries(limits),
    perSevenDays: request.channel === 'linkedin' ? seatInvitationsPerSevenDays : null,
    spacingSeconds: claimedSpacingSeconds,
    concurrentCalls,
    callSeconds: callSeconds + ringSeconds,
  };
  const [row] = await tx.$queryRaw<{ answer: Claim }[]>`
    SELECT claim_touch(${JSON.stringify(argument)}::jsonb) AS answer`;
  if (row === undefined) throw new Error('claim_touch answered nothing');
  return row.answer;
}

/** LIM-6: gives back what these touches hold, booked or consumed, and takes their slots. */
export async function releaseTouches(database: Database | Transaction, touchIds: readonly string[]): Promise<void> {
  if (touchIds.length === 0) return;
  await database.$executeRaw`SELECT release_touches(${touchIds}::uuid[])`;
}
