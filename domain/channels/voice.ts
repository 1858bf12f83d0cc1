import type { ChannelRules } from './channel-rules';

export const voice: ChannelRules = {
  contact: { needs: 'callable', lacking: 'no phone number' },
  windowZone: 'call',
  // A carrier queues calls, so dialling stops five minutes early.
  lastCallSeconds: 300,
  counts: 'call',
  sender: 'phone_number',
  tiers: ['hot', 'warm'],
  whenLacking: 'replace by email',
  blockedByBounce: false,
};
