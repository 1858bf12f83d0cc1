import { wayToProviderSeconds, type ChannelRules, type Network } from './channel-rules';

/** Whoever is not connected is looked at and invited, once; a connection gets a message (LIM: only to connections). */
function choose(network: Network): { form: 'invitation' | 'message' } | { skip: string } {
  switch (network) {
    case 'strangers':
      return { form: 'invitation' };
    case 'invited':
      return { skip: 'an earlier invitation is still pending' };
    case 'connected':
      return { form: 'message' };
  }
}

export const linkedin = {
  contact: { needs: 'linkedin', lacking: 'no LinkedIn URL' },
  windowZone: 'recipient',
  lastCallSeconds: wayToProviderSeconds,
  forms: { invitation: ['invitation', 'profileView'], message: ['message'] },
  choose,
  sender: 'linkedin_seat',
  tiers: ['hot', 'warm', 'cool'],
  whenLacking: 'skip',
  blockedByBounce: false,
} as const satisfies ChannelRules;
