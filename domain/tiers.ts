export type Tier = 'ignition' | 'velocity' | 'dominance';

/** What a tier allows (PACE). */
export interface TierLimits {
  leadsPerMonth: number;
  activeCampaigns: number;
  linkedInSeats: number;
}

/** The table of PACE. */
export const tiers: Readonly<Record<Tier, TierLimits>> = {
  ignition: { leadsPerMonth: 1_250, activeCampaigns: 5, linkedInSeats: 1 },
  velocity: { leadsPerMonth: 2_250, activeCampaigns: 10, linkedInSeats: 3 },
  dominance: { leadsPerMonth: 4_500, activeCampaigns: 20, linkedInSeats: 5 },
};
