import { wayToProviderSeconds, type ChannelRules } from './channel-rules';

export const sms: ChannelRules = {
  contact: { needs: 'mobile', lacking: 'no mobile number' },
  windowZone: 'call',
  lastCallSeconds: wayToProviderSeconds,
  counts: 'sms',
  sender: 'phone_number',
  tiers: ['hot'],
  whenLacking: 'replace by email',
  blockedByBounce: false,
};
