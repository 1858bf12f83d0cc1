import { accessTier } from './access';
import { addressRefusal } from './address-check';
import type { Because, EnrollmentFacts } from './facts';
import { formFor, rulesOf, type Channel } from './channels';

/** Why this lead may not be contacted at all any more, or null (SEQ-3, SEQ-5, ACC-1, CTL-3). */
export function leadObjection(facts: EnrollmentFacts): Because | null {
  if (facts.stop !== null) return { ...facts.stop, numbers: {} };
  if (facts.suppressed.all !== null) {
    return { reason: `suppressed: ${facts.suppressed.all}`, rule: 'SEQ-5', numbers: {} };
  }
  if (facts.campaign === 'completed') return { reason: 'campaign completed', rule: 'CTL-3', numbers: {} };
  if (facts.score !== null && accessTier(facts.score).channels.length === 0) {
    return { reason: 'score too low for any channel', rule: 'ACC-1', numbers: { score: facts.score } };
  }
  return facts.status === 'waiting' ? nothingReaches(facts) : null;
}

/** A waiting lead whose address is bad and whom no other step reaches is not admitted: it costs no credit (SEQ-7, PACE-1). */
function nothingReaches(facts: EnrollmentFacts): Because | null {
  const refusal = addressRefusal(facts.emailStatus);
  if (refusal === null || facts.steps.length === 0) return null;
  if (facts.steps.some((step) => channelObjection(facts, step.channel) === null)) return null;
  const numbers = { emailStatus: facts.emailStatus };
  return { reason: `${refusal}, and no other channel reaches the lead`, rule: 'SEQ-7', numbers };
}

/** Why this lead cannot be reached on this channel, so that the step is skipped, or null (SEQ-4, SEQ-7, TIME-3, ACC-1). */
export function channelObjection(facts: EnrollmentFacts, channel: Channel): Because | null {
  const tier = accessTier(facts.score);
  if (!tier.channels.includes(channel)) {
    const numbers = { score: facts.score, tier: tier.name, channel };
    return { reason: `${tier.name} leads get no ${channel}`, rule: 'ACC-1', numbers };
  }
  const { contact, windowZone, blockedByBounce } = rulesOf(channel);
  if (!facts.contact[contact.needs]) return { reason: contact.lacking, rule: 'SEQ-7', numbers: {} };
  const refusal = contact.needs === 'email' ? addressRefusal(facts.emailStatus) : null;
  if (refusal !== null) return { reason: refusal, rule: 'SEQ-7', numbers: { emailStatus: facts.emailStatus } };
  if (windowZone === 'call' && facts.callTimezone === null) {
    return { reason: "neither the lead's country nor its number's is known", rule: 'TIME-3', numbers: {} };
  }
  if (blockedByBounce && facts.suppressed.email !== null) {
    return { reason: `e-mail blocked: ${facts.suppressed.email}`, rule: 'SEQ-4', numbers: {} };
  }
  if (facts.senders[channel] === 'none') {
    return { reason: `the client has no sender for ${channel}`, rule: 'SEQ-7', numbers: {} };
  }
  const choice = formFor(channel, facts.network);
  if ('skip' in choice) return { reason: choice.skip, rule: 'SEQ-7', numbers: {} };
  return null;
}
