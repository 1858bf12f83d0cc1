import type { Database } from '../../../store/database';
import { recordEvent } from '../../../store/events/record-event';
import type { ReportedEventKind } from '../../../providers/ports';
import type { NextMove } from '../../../workflows/contract';
import { admitByHand } from '../../activities/admit-by-hand';
import { engineByHand, type EngineByHand, type PlannedDelivery } from '../../activities/engine-by-hand';
import { eventOf } from '../../events/provider-events';
import type { OutboxLine, Run } from '../../../verification/run';
import type { RecordedRequest } from '../../workflows/recording-providers';
import { createAgency, createLeads, secretKey, type Agency } from '../../store/fixtures';

/** A small agency with a past: who went through everything, who stopped, who waits, and whose outcome nobody knows. */
export interface PastWorld {
  agency: Agency;
  /** Enrollments by what became of them. */
  whole: string;
  replied: string;
  optedOut: string;
  bounced: string;
  waitsForStep2: string;
  uncertain: string;
  /** What the providers saw and told, as the simulator would have written it down. */
  run: Pick<Run, 'outbox' | 'inbox' | 'stops'>;
}

/** Tuesday 2026-03-03, 01:00 in Sydney. */
const midnight = new Date('2026-03-02T14:00:00Z');

/** Lived through by the engine itself, from touch to touch in order of time. */
export async function livePast(database: Database): Promise<PastWorld> {
  const agency = await createAgency(database, { mailboxes: 2 });
  const ids = await createLeads(database, agency, 6, 'waiting');
  const [whole = '', replied = '', optedOut = '', bounced = '', waitsForStep2 = '', uncertain = ''] = ids;
  await admitByHand(database, agency.campaignId, midnight);
  const engine = engineByHand(
    database,
    {
      onSend: ({ enrollmentId, step }) =>
        enrollmentId === uncertain && step === 1 ? { kind: 'unknown', error: 'timeout' } : undefined,
    },
    midnight,
  );
  const inbox: Run['inbox'] = [];
  const hear = async (enrollmentId: string, kind: ReportedEventKind): Promise<void> => {
    const touch = await database.touch.findFirstOrThrow({ where: { enrollmentId, status: 'sent' } });
    const now = new Date((await engine.clock.now()).getTime() + 3_600_000);
    const answeredAt = new Date(now.getTime() + 5).toISOString();
    inbox.push({ at: answeredAt, event: kind, recipient: null, touchId: touch.id, answeredStatus: 200 });
    await recordEvent(database, eventOf(kind, { occurredAt: now, touchId: touch.id }), secretKey, now);
    engine.clock.set(now);
  };
  await runUntilDone(engine, ids, async (enrollmentId, { step }) => {
    if (enrollmentId === replied && step === 1) await hear(replied, 'reply');
    if (enrollmentId === optedOut && step === 2) await hear(optedOut, 'unsubscribe');
    if (enrollmentId === bounced && step === 1) await hear(bounced, 'hardBounce');
    return enrollmentId !== waitsForStep2;
  });
  await noteHealth(database, agency);
  const outbox = engine.requests.map(outboxLine);
  return { agency, whole, replied, optedOut, bounced, waitsForStep2, uncertain, run: { outbox, inbox, stops: [] } };
}

/** @param after what happens after a delivery; whether the lead goes on */
async function runUntilDone(
  engine: EngineByHand,
  ids: readonly string[],
  after: (enrollmentId: string, touch: PlannedDelivery) => Promise<boolean>,
): Promise<void> {
  const moves = new Map<string, NextMove>();
  for (const id of ids) moves.set(id, await engine.prepareAny(id));
  for (;;) {
    const due = [...moves].flatMap(([id, move]) => (move.kind === 'deliver' ? [{ id, move }] : []));
    const next = due.sort((a, b) => a.move.wakeAt - b.move.wakeAt)[0];
    if (next === undefined) return;
    const { id, move } = next;
    moves.set(id, await engine.deliver(id, move));
    const goesOn = await after(id, move);
    // The sequence may have ended, or lost its e-mails.
    if (goesOn) moves.set(id, await engine.prepareAny(id));
    else moves.delete(id);
  }
}

const operations = { email: 'send', voice: 'call', linkedin: 'invite', sms: 'sms' } as const;

const outboxLine = ({ at, channel, recipient, resource, touchId, outcome }: RecordedRequest): OutboxLine => ({
  at: at.toISOString(),
  operation: operations[channel],
  resource,
  recipient,
  touchId,
  outcome: outcome === 'accepted' ? 'accepted' : 'lost',
});

/** A turn of the domain's health that was over before its first mail. */
async function noteHealth(database: Database, { clientId, domainId }: Agency): Promise<void> {
  const change = { clientId, domainId, sends: 20, bounces: 2, complaints: 0, unsubscribes: 0 };
  await database.healthChange.create({
    data: Object.assign({ kind: 'halved' as const, at: '2026-03-01T00:00:00Z' }, change),
  });
  await database.healthChange.create({
    data: Object.assign({ kind: 'restored' as const, at: '2026-03-01T12:00:00Z' }, change),
  });
}
