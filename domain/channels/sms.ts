import { wayToProviderSeconds, type ChannelRules } from './channel-rules';

export const sms = {
  contact: { needs: 'mobile', lacking: 'no mobile number' },
  windowZone: 'call',
  lastCallSeconds: wayToProviderSeconds,
  forms: { sms: ['sms'] },
  sender: 'phone_number',
  tiers: ['hot'],
  whenLacking: 'replace by email',
  blockedByBounce: false,
} as const satisfies ChannelRules;
