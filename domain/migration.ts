import type { LocalDate } from './calendar/local-date';
import type { Channel } from './channels';
import type { EnrollmentFacts, TouchFacts } from './facts';
import { decideNextMove } from './next-move';
import type { SequenceStep } from './sequence';

/** A step of a lead's own sequence that is past planning, whoever did it. */
export interface StepBehind {
  step: number;
  channel: Channel;
  /** Did it reach the lead, or may it have? One that was skipped or failed did not. */
  reached: boolean;
}

/** Why a step of the default sequence is not for a lead that moves to it. */
export interface SkippedStep {
  step: number;
  channel: Channel;
  reason: string;
  rule: string;
}

/** The steps of a lead's own sequence that are past planning, as its facts tell them. */
export function stepsBehind({ touches, finishedBefore }: EnrollmentFacts): StepBehind[] {
  const ours = touches
    .filter(({ status }) => status !== 'planned')
    .map(({ step, channel, status }) => ({ step, channel, reached: reachedStatuses.includes(status) }));
  return [...finishedBefore.map(({ step, channel }) => ({ step, channel, reached: true })), ...ours];
}

/** A touch that is just being sent may have reached the lead, too. */
const reachedStatuses: readonly TouchFacts['status'][] = ['sending', 'sent', 'uncertain'];

/** How a lead goes on on the default sequence (MIG-2). */
export interface MigrationPlan {
  /** The last step of its own sequence that lies behind it; 0: none does. */
  position: number;
  /** The first step of the default sequence that is its own. */
  fromStep: number;
  /** Steps before that one. */
  behind: SkippedStep[];
  /** Later steps that the lead has had already, under another number. */
  had: SkippedStep[];
}

/**
 * MIG-2: a lead goes on at the step after its last finished one, by number: so no number is done twice, and nobody gets
 * more touches than the sequence has. Of what follows, a step whose channel and purpose the lead has had already is
 * left out: so nothing is said twice.
 * @param own the sequence that it leaves
 * @param behind its steps that are past planning
 * @param passed the number up to which everything lies behind it, beyond what `behind` says; 0: nothing
 */
export function planMigration(
  lead: { own: readonly SequenceStep[]; behind: readonly StepBehind[]; passed: number },
  sequence: readonly SequenceStep[],
): MigrationPlan {
  const position = Math.max(lead.passed, ...lead.behind.map(({ step }) => step), 0);
  const purposeOf = new Map(lead.own.map(({ step, purpose }) => [step, purpose]));
  const reached = lead.behind.filter((step) => step.reached);
  // An e-mail that stands in for a call is the call, too.
  const sameAs = ({ channel, replaces, purpose }: SequenceStep): StepBehind | undefined =>
    reached.find(
      (had) => (had.channel === channel || had.channel === replaces) && sameWords(purposeOf.get(had.step), purpose),
    );
  const skipped = (step: SequenceStep, reason: string): SkippedStep => ({
    step: step.step,
    channel: step.channel,
    reason,
    rule: 'MIG-2',
  });
  return {
    position,
    fromStep: position + 1,
    behind: sequence
      .filter(({ step }) => step <= position)
      .map((step) => skipped(step, `${position} steps of its own sequence lie behind the lead`)),
    had: sequence.flatMap((step) => {
      const same = step.step > position ? sameAs(step) : undefined;
      return same === undefined ? [] : [skipped(step, `done already as step ${same.step} of its own sequence`)];
    }),
  };
}

const sameWords = (own: string | undefined, purpose: string): boolean => own?.trim().toLowerCase() === purpose;

/** What a move would mean for a lead, were it made now. */
export interface MigrationPreview {
  /** The next step that reaches the lead; null: none is left. */
  next: SequenceStep | null;
  /** Recipient-local date from which on it is due, before capacity is asked; null: not known, or never. */
  earliest: LocalDate | null;
  /** Every step that does not reach the lead before that one, or ever. */
  skipped: SkippedStep[];
  /** Why nothing comes next, or why it is due then. */
  reason: string;
  rule: string;
}

/** The next touch of a lead on the default sequence, as the rules of planning see it; a campaign that rests counts as active. */
export function previewMigration(
  facts: EnrollmentFacts,
  plan: MigrationPlan,
  sequence: readonly SequenceStep[],
  now: Date,
): MigrationPreview {
  const skipped = [...plan.behind, ...plan.had];
  let after: EnrollmentFacts = {
    ...facts,
    campaign: facts.campaign === 'completed' ? 'completed' : 'active',
    steps: sequence,
    fromStep: plan.fromStep,
    touches: [...facts.touches.filter(({ status }) => status !== 'planned'), ...plan.had.map(skippedTouch)],
  };
  for (;;) {
    const decision = decideNextMove(after, now);
    const { reason, rule } = decision;
    if (decision.kind === 'stop') return { next: null, earliest: null, skipped, reason, rule };
    if (decision.kind === 'wait') return { next: decision.step, earliest: decision.until, skipped, reason, rule };
    if (decision.kind === 'touch') return { next: decision.step, earliest: decision.earliest, skipped, reason, rule };
    const { step, channel } = decision.step;
    skipped.push({ step, channel, reason, rule });
    after = { ...after, day0: decision.day0, touches: [...after.touches, skippedTouch({ step, channel })] };
  }
}

const skippedTouch = ({ step, channel }: Pick<SkippedStep, 'step' | 'channel'>): TouchFacts => ({
  step,
  channel,
  status: 'skipped',
  sentOn: null,
  daysWaited: 0,
  waitedOn: null,
  textFailures: 0,
});
