import { asRecord } from '../http-exchange';
import type { HttpAnswer } from '../http-exchange';
import type { EmailCarrier, EmailMessage, Permit, SendOutcome } from '../ports';
import type { SalesforgeApi } from './account';
import { placesOf, silenceOf, writeContact } from './contact';
import { isStale, lostWord, notSent, prepared, refusalOf } from './outcome';

/**
 * Puts the recipient into the carrier, whose only e-mail then leaves at a moment of Salesforge's own. Nothing can leave
 * before the confirmation. @throws NotSent
 */
export async function enrol(
  api: SalesforgeApi,
  { message, carrier, sequenceId }: { message: EmailMessage; carrier: EmailCarrier; sequenceId: string },
  permit: Permit,
): Promise<SendOutcome> {
  const contactId = await writeContact(api, message, carrier);
  // Whom Salesforge will not write to is not handed over: it would take them, and say nothing.
  const silence = silenceOf(await placesOf(api, contactId), sequenceId);
  if (silence !== null) throw notSent('never', `contact_${silence.replaceAll('-', '_')}`);
  const path = `/sequences/${sequenceId}/enrollments`;
  let preflightId = await preflight(api, path, contactId);
  for (const isLast of [false, true]) {
    if (!(await permit())) throw notSent('later', 'lease_over');
    const answer = await api.multichannel('POST', `${path}/preflight/${encodeURIComponent(preflightId)}/confirm`, {
      action: 'skip',
    });
    if (!isStale(answer)) return confirmed(answer, contactId);
    if (!isLast) preflightId = await preflight(api, path, contactId);
  }
  throw notSent('later', 'preflight_stale');
}

/**
 * Asks what enrolling the contact would do. One that is in the carrier from an earlier campaign is taken out first.
 * @returns the preflight that can be confirmed @throws NotSent when it would enrol nobody
 */
async function preflight(api: SalesforgeApi, path: string, contactId: string): Promise<string> {
  const filters = { leadIds: [contactId] };
  for (const isLast of [false, true]) {
    const asked = prepared(await api.multichannel('POST', `${path}/preflight`, { filters, selectionScope: 'all' }));
    const { preflightId } = asked;
    const summary = asRecord(asked['summary']);
    const count = (name: string): number => Number(summary[name] ?? 0);
    if (typeof preflightId !== 'string') throw notSent('later', 'malformed_answer');
    if (count('alreadyInTargetCount') > 0) {
      if (isLast) throw notSent('never', 'already_enrolled');
      prepared(await api.multichannel('POST', `${path}/remove`, { filters }));
      continue;
    }
    if (count('decisionRequiredCount') > 0) throw notSent('never', 'in_another_sequence');
    if (summary['automaticEnrollmentCount'] === 0) throw notSent('never', 'not_enrolled');
    return preflightId;
  }
  throw notSent('never', 'already_enrolled');
}

/** Handed over is not sent: the mail leaves later, or not at all. */
function confirmed(answer: HttpAnswer, contactId: string): SendOutcome {
  const refusal = refusalOf(answer);
  if (refusal !== null) return refusal;
  if (answer.kind !== 'answered' || answer.status < 200 || answer.status >= 300) {
    return { kind: 'unknown', error: lostWord(answer) };
  }
  const enrolled = asRecord(answer.body)['enrolledLeadIds'];
  if (!Array.isArray(enrolled)) return { kind: 'unknown', error: 'malformed_answer' };
  if (!enrolled.includes(contactId)) return { kind: 'rejected', retry: 'never', error: 'not_enrolled' };
  return { kind: 'accepted', reference: null, isSent: false };
}
