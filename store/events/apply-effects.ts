import { laterDate, type LocalDate } from '../../domain/calendar/local-date';
import { channels, rulesOf } from '../../domain/channels';
import type { EventEffect, LeadSignalName } from '../../domain/event-effects';
import type { Because } from '../../domain/facts';
import { unbookEnrollment } from '../capacity/release';
import { stopLead } from '../enrollments/stop-lead';
import { tell, type TimelineWord } from '../enrollments/timeline';
import { addSuppression, personalIdentifiers } from '../leads/suppressions';
import { oweSignal } from '../outbox/outbox';
import type { ProviderEvent } from '../../providers/ports';
import { liftPause, pause } from '../senders/pauses';
import { senderAt } from '../senders/senders';
import type { Sql } from '../sql';
import type { EventSubject, SubjectLead } from './subjects';

/** What applying effects works with, and what it leaves behind. */
export interface Application {
  sql: Sql;
  event: ProviderEvent;
  secretKey: string;
  now: Date;
  /** Leads whose sequences stopped, or that bounced: nobody may be sending to them when the event is answered. */
  stoppedLeadIds: string[];
  /** What is owed to workflows now. */
  outboxIds: string[];
}

/** The lead that effects are applied to. */
export interface Target {
  subject: EventSubject;
  lead: SubjectLead;
}

/** Applies one effect. @returns what it did, in words; empty: nothing worth saying */
export async function applyToLead(to: Application, target: Target, effect: EventEffect): Promise<string> {
  switch (effect.kind) {
    case 'confirmSent':
      return confirmSent(to, target);
    case 'stop': {
      const stopped = await stopLead(to.sql, target.lead.id, effect, to.now);
      to.stoppedLeadIds.push(target.lead.id);
      to.outboxIds.push(...stopped.outboxIds);
      return `${stopped.sequences} sequences stopped`;
    }
    case 'suppress':
      return suppress(to, target, effect);
    case 'countSoftBounce':
      await to.sql`UPDATE lead SET soft_bounces = soft_bounces + 1 WHERE id = ${target.lead.id}::uuid`;
      return `soft bounce ${target.lead.softBounces + 1}`;
    case 'skipEmails':
      return skipEmails(to, target, effect);
    case 'hold':
      return hold(to, target, effect);
    case 'pauseSender':
    case 'resumeSender':
      return applyToSender(to, effect);
  }
}

/** Applies an effect on the sender that the event came to (SEQ-7). @returns as above */
export async function applyToSender(to: Application, effect: EventEffect): Promise<string> {
  const sender = await senderAt(to.sql, to.event.resource);
  if (sender === null) return '';
  if (effect.kind === 'pauseSender') {
    await pause(to.sql, sender, { reason: 'provider', detail: 'disconnected' }, to.now);
    return 'seat taken out';
  }
  if (effect.kind !== 'resumeSender') return '';
  await liftPause(to.sql, sender, ['provider']);
  return 'seat is back';
}

/** An event about an uncertain touch proves that it was sent (TRUTH-1). Locks the enrollment first, as everyone does. */
async function confirmSent({ sql, event, now }: Application, { subject }: Target): Promise<string> {
  if (subject.touchId === null) return '';
  const reason = `confirmed by the provider: ${event.kind}`;
  const open = await sql`
    SELECT 1 FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
    WHERE t.id = ${subject.touchId}::uuid AND t.status IN ('uncertain', 'sending') FOR NO KEY UPDATE OF e`;
  if (open.length === 0) return '';
  // A statement of its own sees what the attempt wrote down while the lock was waited for.
  await sql`
    WITH confirmed AS (
      UPDATE touch SET status = 'sent', reason = ${reason}, rule = 'TRUTH-1'
      WHERE id = ${subject.touchId}::uuid AND status = 'uncertain'
      RETURNING id, client_id, enrollment_id, step
    )
    INSERT INTO timeline_entry (client_id, enrollment_id, touch_id, step, at, what, reason, rule)
    SELECT client_id, enrollment_id, id, step, ${now}::timestamptz, 'sent', ${reason}::text, 'TRUTH-1' FROM confirmed`;
  return '';
}

/** SEQ-5: the person, on every channel and campaign of the client. SEQ-4: the address, for e-mail alone. */
async function suppress(
  { sql, secretKey, now }: Application,
  { lead }: Target,
  { scope, reason }: EventEffect & { kind: 'suppress' },
): Promise<string> {
  const identifiers = personalIdentifiers(lead).filter(({ kind }) => scope === 'all' || kind === 'email');
  const suppression = { clientId: lead.clientId, keepValue: true, scope, reason, now };
  for (const identifier of identifiers) await addSuppression(sql, secretKey, { ...suppression, ...identifier });
  return scope === 'all' ? 'suppressed' : 'address suppressed for e-mail';
}

interface ActiveEnrollment {
  clientId: string;
  enrollmentId: string;
  holdUntil: LocalDate | null;
}

/** The lead's running sequences, locked. */
function lockActive({ sql }: Application, { lead }: Target): Promise<ActiveEnrollment[]> {
  return sql<ActiveEnrollment>`
    SELECT client_id AS "clientId", id AS "enrollmentId", hold_until AS "holdUntil" FROM enrollment
    WHERE lead_id = ${lead.id}::uuid AND status = 'active' ORDER BY id FOR NO KEY UPDATE`;
}

async function tellAndWake(
  to: Application,
  { clientId, enrollmentId }: ActiveEnrollment,
  told: Because & { what: TimelineWord; signal: LeadSignalName },
): Promise<void> {
  const { what, signal, reason, rule, numbers } = told;
  await tell(to.sql, { clientId, enrollmentId, at: to.now, what, reason, rule, numbers });
  to.outboxIds.push(await oweSignal(to.sql, { clientId, enrollmentId }, signal, to.now));
}

const blockedByBounce = channels.filter((channel) => rulesOf(channel).blockedByBounce);

async function skipEmails(
  to: Application,
  target: Target,
  { reason, rule }: EventEffect & { kind: 'skipEmails' },
): Promise<string> {
  to.stoppedLeadIds.push(target.lead.id);
  for (const enrollment of await lockActive(to, target)) {
    await unbookEnrollment(to.sql, enrollment.enrollmentId, blockedByBounce);
    await tellAndWake(to, enrollment, { what: 'bounced', signal: 'emailBounced', reason, rule, numbers: {} });
  }
  return '';
}

/** SEQ-3: an automatic reply holds the sequences of a lead; what was booked is planned again. */
async function hold(to: Application, target: Target, effect: EventEffect & { kind: 'hold' }): Promise<string> {
  const { until, answeredOn, returnDate } = effect;
  const active = await lockActive(to, target);
  for (const enrollment of active) {
    const holdUntil = laterDate(until, enrollment.holdUntil ?? until);
    await to.sql`UPDATE enrollment SET hold_until = ${holdUntil}::date WHERE id = ${enrollment.enrollmentId}::uuid`;
    await unbookEnrollment(to.sql, enrollment.enrollmentId);
    const numbers = { answeredOn, returnDate, holdUntil };
    const because = { reason: 'automatic reply', rule: 'SEQ-3', numbers };
    await tellAndWake(to, enrollment, { what: 'held', signal: 'leadWoken', ...because });
  }
  return `${active.length} sequences held until ${until}`;
}
