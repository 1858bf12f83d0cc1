import type { ChannelRules } from './channel-rules';

export const voice = {
  contact: { needs: 'callable', lacking: 'no phone number' },
  windowZone: 'call',
  // A carrier queues calls, so dialling stops five minutes early.
  lastCallSeconds: 300,
  forms: { voice: ['call'] },
  sender: 'phone_number',
  tiers: ['hot', 'warm'],
  whenLacking: 'replace by email',
  blockedByBounce: false,
} as const satisfies ChannelRules;
