import { wayToProviderSeconds, type ChannelRules } from './channel-rules';

export const linkedin: ChannelRules = {
  contact: { needs: 'linkedin', lacking: 'no LinkedIn URL' },
  windowZone: 'recipient',
  lastCallSeconds: wayToProviderSeconds,
  counts: 'invitation',
  sender: 'linkedin_seat',
  tiers: ['hot', 'warm', 'cool'],
  whenLacking: 'skip',
  blockedByBounce: false,
};
