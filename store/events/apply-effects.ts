import { laterDate, type LocalDate } from '../../domain/calendar/local-date';
import { channels, rulesOf } from '../../domain/channels';
import type { LeadEffect, LeadSignalName, SenderEffect } from '../../domain/event-effects';
import type { Because } from '../../domain/facts';
import { unbookEnrollment } from '../capacity/release';
import { stopLead } from '../enrollments/stop-lead';
import { tell, type TimelineWord } from '../enrollments/timeline';
import { noteSeatRelation } from '../leads/seat-relations';
import { rescoreIn } from '../leads/scoring';
import { addSuppression, personalIdentifiers } from '../leads/suppressions';
import { oweSignal } from '../outbox/outbox';
import type { ProviderEvent } from '../../providers/ports';
import { pause } from '../senders/pauses';
import { liftDisconnection } from '../senders/rests';
import { senderAt } from '../senders/senders';
import { revokeClaims } from '../touches/hand-over';
import type { Sql } from '../sql';
import type { SubjectLead } from './subjects';

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

/** Applies one effect. @returns what it did, in words; empty: nothing worth saying */
export async function applyToLead(to: Application, lead: SubjectLead, effect: LeadEffect): Promise<string> {
  switch (effect.kind) {
    case 'stop': {
      const stopped = await stopLead(to.sql, lead.id, effect, to.now);
      to.stoppedLeadIds.push(lead.id);
      to.outboxIds.push(...stopped.outboxIds);
      return `${stopped.sequences} sequences stopped`;
    }
    case 'suppress':
      return suppress(to, lead, effect);
    case 'countSoftBounce':
      await to.sql`UPDATE lead SET soft_bounces = soft_bounces + 1 WHERE id = ${lead.id}::uuid`;
      return `soft bounce ${lead.softBounces + 1}`;
    case 'skipEmails':
      return skipEmails(to, lead, effect);
    case 'connect':
      return connect(to, lead);
    case 'hold':
      return hold(to, lead, effect);
  }
}

/** Applies an effect on the sender that the event came to (SEQ-7). @returns as above */
export async function applyToSender(to: Application, effect: SenderEffect): Promise<string> {
  const sender = await senderAt(to.sql, to.event.resource);
  if (sender === null) return '';
  if (effect.kind === 'pauseSender') {
    await pause(to.sql, sender, { reason: 'provider', detail: 'disconnected' }, to.now);
    return 'seat taken out';
  }
  await liftDisconnection(to.sql, sender, to.now);
  return 'seat is back';
}

/** SEQ-5: the person, on every channel and campaign of the client. SEQ-4: the address, for e-mail alone. */
async function suppress(
  { sql, secretKey, now, outboxIds }: Application,
  lead: SubjectLead,
  { scope, reason }: LeadEffect & { kind: 'suppress' },
): Promise<string> {
  const identifiers = personalIdentifiers(lead).filter(({ kind }) => scope === 'all' || kind === 'email');
  const suppression = { clientId: lead.clientId, keepValue: true, scope, reason, now };
  for (const identifier of identifiers) await addSuppression(sql, secretKey, { ...suppression, ...identifier });
  // ACC-3: whoever bounced is a risk. An opt-out stops the lead at once, whatever its score.
  if (scope === 'email') {
    const about = { clientId: lead.clientId, leadIds: [lead.id] };
    outboxIds.push(...(await rescoreIn(sql, about, 'computed', now)).outboxIds);
  }
  return scope === 'all' ? 'suppressed' : 'address suppressed for e-mail';
}

interface ActiveEnrollment {
  clientId: string;
  enrollmentId: string;
  holdUntil: LocalDate | null;
}

/** The lead's running sequences, locked. */
function lockActive({ sql }: Application, lead: SubjectLead): Promise<ActiveEnrollment[]> {
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
  lead: SubjectLead,
  { reason, rule }: LeadEffect & { kind: 'skipEmails' },
): Promise<string> {
  to.stoppedLeadIds.push(lead.id);
  for (const enrollment of await lockActive(to, lead)) {
    await unbookEnrollment(to.sql, enrollment.enrollmentId, blockedByBounce);
    await revokeClaims(to.sql, enrollment.enrollmentId, blockedByBounce);
    await tellAndWake(to, enrollment, { what: 'bounced', signal: 'emailBounced', reason, rule, numbers: {} });
  }
  return '';
}

/** An invitation was accepted. A seat of another client says nothing about this one's lead. */
async function connect({ sql, event }: Application, lead: SubjectLead): Promise<string> {
  const seat = await senderAt(sql, event.resource);
  if (seat === null) return '';
  const { clientId, id: leadId } = lead;
  const relation = { clientId, leadId, senderId: seat.senderId, state: 'connected' } as const;
  await noteSeatRelation(sql, relation, event.occurredAt);
  return 'connected';
}

/** SEQ-3: an automatic reply holds the sequences of a lead; what was booked is planned again. */
async function hold(to: Application, lead: SubjectLead, effect: LeadEffect & { kind: 'hold' }): Promise<string> {
  const { until, answeredOn, returnDate } = effect;
  const active = await lockActive(to, lead);
  for (const enrollment of active) {
    const holdUntil = laterDate(until, enrollment.holdUntil ?? until);
    await to.sql`UPDATE enrollment SET hold_until = ${holdUntil}::date WHERE id = ${enrollment.enrollmentId}::uuid`;
    await unbookEnrollment(to.sql, enrollment.enrollmentId);
    await revokeClaims(to.sql, enrollment.enrollmentId, channels);
    const numbers = { answeredOn, returnDate, holdUntil };
    const because = { reason: 'automatic reply', rule: 'SEQ-3', numbers };
    await tellAndWake(to, enrollment, { what: 'held', signal: 'leadWoken', ...because });
  }
  return `${active.length} sequences held until ${until}`;
}
