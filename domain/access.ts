import { channels, rulesOf, type Channel } from './channels';
import type { TierName } from './channels/channel-rules';

export interface AccessTier {
  name: TierName | 'unscored';
  channels: readonly Channel[];
}

/** The table of ACC: the lowest score of each tier. Which channels it gets stands in each channel's file. */
const fromScore: Readonly<Record<TierName, number>> = { hot: 85, warm: 60, cool: 35, cold: 20, dead: 0 };

export const accessTiers: readonly (AccessTier & { fromScore: number })[] = Object.entries(fromScore).map(
  ([name, score]) => ({
    name: name as TierName,
    fromScore: score,
    channels: channels.filter((channel) => rulesOf(channel).tiers.includes(name as TierName)),
  }),
);

const unscored: AccessTier = { name: 'unscored', channels };

/** ACC-1: the tier of a lead by its score (ALS, 0–100); an unscored lead gets every channel the client has. */
export function accessTier(score: number | null): AccessTier {
  if (score === null) return unscored;
  return accessTiers.find((tier) => score >= tier.fromScore) ?? unscored;
}
