import { wayToProviderSeconds, type ChannelRules } from './channel-rules';

export const email: ChannelRules = {
  contact: { needs: 'email', lacking: 'no e-mail address' },
  windowZone: 'recipient',
  lastCallSeconds: wayToProviderSeconds,
  counts: 'email',
  sender: 'mailbox',
  tiers: ['hot', 'warm', 'cool', 'cold'],
  whenLacking: 'skip',
  blockedByBounce: true,
};
