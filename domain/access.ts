import { channels, type Channel } from './sequence';

export interface AccessTier {
  name: 'hot' | 'warm' | 'cool' | 'cold' | 'dead' | 'unscored';
  channels: readonly Channel[];
}

/** The table of ACC: the lowest score of each tier and its channels. */
export const accessTiers: readonly (AccessTier & { fromScore: number })[] = [
  { fromScore: 85, name: 'hot', channels: ['email', 'linkedin', 'voice', 'sms'] },
  { fromScore: 60, name: 'warm', channels: ['email', 'linkedin', 'voice'] },
  { fromScore: 35, name: 'cool', channels: ['email', 'linkedin'] },
  { fromScore: 20, name: 'cold', channels: ['email'] },
  { fromScore: 0, name: 'dead', channels: [] },
];

const unscored: AccessTier = { name: 'unscored', channels };

/** ACC-1: the tier of a lead by its score (ALS, 0–100); an unscored lead gets every channel the client has. */
export function accessTier(score: number | null): AccessTier {
  if (score === null) return unscored;
  return accessTiers.find((tier) => score >= tier.fromScore) ?? unscored;
}
