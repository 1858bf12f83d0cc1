import { rulesOf, type Channel } from './channels';

/** What the steps of the default sequence are for. */
export const purposes = ['intro', 'connect', 'value-add', 'final nudge'] as const;
export type Purpose = (typeof purposes)[number];

/** One step of a campaign's sequence: as generated for a client (SEQ-6), or as an imported campaign brings it (MIG-1). */
export interface SequenceStep {
  step: number;
  /** Calendar days after Day 0 (SEQ-1). */
  day: number;
  channel: Channel;
  /** One of `purposes`; in an imported campaign perhaps its own words. */
  purpose: string;
  /** The channel of the default sequence that this e-mail stands in for; null: it is the default's own. */
  replaces: Channel | null;
}

/** The table of SEQ. What happens if the client lacks a channel stands in the channel's own file. */
export const defaultSequence: readonly (Omit<SequenceStep, 'replaces'> & { purpose: Purpose })[] = [
  { step: 1, day: 0, channel: 'email', purpose: 'intro' },
  { step: 2, day: 3, channel: 'voice', purpose: 'connect' },
  { step: 3, day: 5, channel: 'linkedin', purpose: 'connect' },
  { step: 4, day: 8, channel: 'email', purpose: 'value-add' },
  { step: 5, day: 12, channel: 'sms', purpose: 'final nudge' },
];

/**
 * The sequence for a client with these channels (SEQ-6). Step numbers are kept: a skipped step leaves a gap.
 * Without e-mail nothing can be replaced by e-mail, so those steps are skipped as well.
 */
export function generateSequence(available: ReadonlySet<Channel>): SequenceStep[] {
  return defaultSequence.flatMap((step): SequenceStep[] => {
    if (available.has(step.channel)) return [{ ...step, replaces: null }];
    if (rulesOf(step.channel).whenLacking === 'replace by email' && available.has('email')) {
      return [{ ...step, channel: 'email', replaces: step.channel }];
    }
    return [];
  });
}
