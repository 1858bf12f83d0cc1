export type CampaignStatus = 'draft' | 'active' | 'paused' | 'completed';

/** What a user can do to a campaign's state, from which states, and where it leads (CTL-3, TRUTH-4). */
export const campaignMoves = {
  activate: { from: ['draft'], to: 'active' },
  pause: { from: ['active'], to: 'paused' },
  resume: { from: ['paused'], to: 'active' },
  complete: { from: ['active', 'paused'], to: 'completed' },
} as const satisfies Record<string, { from: readonly CampaignStatus[]; to: CampaignStatus }>;
export type CampaignMove = keyof typeof campaignMoves;
