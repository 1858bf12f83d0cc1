/** How much is measured. */
export interface Sizes {
  /** Agencies whose work is measured; each has its share of the touches. A multiple of five. */
  agencies: number;
  /** Touches in the database, smallest first. */
  touches: readonly number[];
  /** Leads in the database when events arrive. */
  leads: readonly number[];
  rounds: number;
  perRound: number;
  warmUp: number;
  /** Rows of the imported file. */
  importRows: number;
  importRounds: number;
  /** Leads that wait for admission. */
  waiting: number;
  /** Touches of the one client whose metrics are asked for. */
  year: number;
  /** Touches that every invariant is held against. */
  verified: number;
}

/** full: what docs/performance.md shows. quick: a look on the way. tiny: does it run at all? */
export const sizes = {
  full: {
    agencies: 200,
    touches: [1_000, 100_000, 1_000_000],
    leads: [0, 80_000, 1_000_000],
    rounds: 8,
    perRound: 50,
    warmUp: 30,
    importRows: 50_000,
    importRounds: 3,
    waiting: 50_000,
    year: 1_000_000,
    verified: 1_000_000,
  },
  quick: {
    agencies: 100,
    touches: [1_000, 50_000],
    leads: [0, 50_000],
    rounds: 4,
    perRound: 30,
    warmUp: 25,
    importRows: 5_000,
    importRounds: 2,
    waiting: 5_000,
    year: 200_000,
    verified: 100_000,
  },
  tiny: {
    agencies: 5,
    touches: [20, 40],
    leads: [0, 40],
    rounds: 1,
    perRound: 4,
    warmUp: 1,
    importRows: 30,
    importRounds: 1,
    waiting: 30,
    year: 40,
    verified: 40,
  },
} as const satisfies Record<string, Sizes>;

export type SizeName = keyof typeof sizes;
