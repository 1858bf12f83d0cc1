import { accessTier } from './access';
import type { Because, LeadFacts } from './facts';
import type { Channel } from './sequence';

/** Why this lead may not be contacted at all any more, or null (SEQ-3, SEQ-5, ACC-1, CTL-3). */
export function leadObjection(facts: LeadFacts): Because | null {
  if (facts.stop !== null) return { ...facts.stop, numbers: {} };
  if (facts.suppressed.all !== null) {
    return { reason: `suppressed: ${facts.suppressed.all}`, rule: 'SEQ-5', numbers: {} };
  }
  if (facts.campaign === 'completed') return { reason: 'campaign completed', rule: 'CTL-3', numbers: {} };
  if (facts.score !== null && accessTier(facts.score).channels.length === 0) {
    return { reason: 'score too low for any channel', rule: 'ACC-1', numbers: { score: facts.score } };
  }
  return null;
}

/** Why this lead cannot be reached on this channel, so that the step is skipped, or null (SEQ-4, SEQ-7, ACC-1). */
export function channelObjection(facts: LeadFacts, channel: Channel): Because | null {
  const tier = accessTier(facts.score);
  if (!tier.channels.includes(channel)) {
    const numbers = { score: facts.score, tier: tier.name, channel };
    return { reason: `${tier.name} leads get no ${channel}`, rule: 'ACC-1', numbers };
  }
  const lacking = lackingContact(facts, channel);
  if (lacking !== null) return { reason: lacking, rule: 'SEQ-7', numbers: {} };
  if (channel === 'email' && facts.suppressed.email !== null) {
    return { reason: `e-mail blocked: ${facts.suppressed.email}`, rule: 'SEQ-4', numbers: {} };
  }
  if (facts.senders[channel] === 'none') {
    return { reason: `the client has no sender for ${channel}`, rule: 'SEQ-7', numbers: {} };
  }
  return null;
}

function lackingContact(facts: LeadFacts, channel: Channel): string | null {
  switch (channel) {
    case 'email':
      return facts.contact.email ? null : 'no e-mail address';
    case 'voice':
      return facts.contact.callable ? null : 'no phone number';
    case 'linkedin':
      return facts.contact.linkedin ? null : 'no LinkedIn URL';
    case 'sms':
      return facts.contact.mobile ? null : 'no mobile number';
  }
}
