import { wayToProviderSeconds, type ChannelRules } from './channel-rules';

export const email = {
  contact: { needs: 'email', lacking: 'no e-mail address' },
  windowZone: 'recipient',
  lastCallSeconds: wayToProviderSeconds,
  forms: { email: ['email'] },
  sender: 'mailbox',
  tiers: ['hot', 'warm', 'cool', 'cold'],
  whenLacking: 'skip',
  blockedByBounce: true,
} as const satisfies ChannelRules;
