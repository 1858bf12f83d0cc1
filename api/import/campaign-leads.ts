import type { SequenceStep } from '../../domain/sequence';
import type { LeadPosition } from '../../store/leads/lead-draft';
import type { RawRow, Rejection } from '../../store/leads/lead-fields';
import { leadPosition, type LeadPositionFields } from '../schemas/campaign-import';
import { fieldErrorsOf } from '../validation';
import { readJsonLeads } from './json';

/**
 * Reads the leads of an imported campaign: fields as in `{leads: […]}`, and where each stands in the sequence. The first
 * lead is row 1.
 * @param positions is filled, by row, before the row is handed out
 */
export function* readCampaignLeads(
  leads: readonly Record<string, unknown>[],
  steps: readonly SequenceStep[],
  now: Date,
  positions: Map<number, LeadPosition>,
): Generator<RawRow | Rejection> {
  const people = leads.map(({ finishedSteps: _steps, lastFinishedStep: _last, ...person }) => person);
  for (const row of readJsonLeads(people)) {
    const position = 'reason' in row ? row : positionOf(leads[row.row - 1] ?? {}, row.row, steps, now);
    if ('reason' in position) {
      yield position;
    } else {
      if (position.lastStep > 0) positions.set(row.row, position);
      yield row;
    }
  }
}

function positionOf(
  { finishedSteps, lastFinishedStep }: Record<string, unknown>,
  row: number,
  steps: readonly SequenceStep[],
  now: Date,
): LeadPosition | Rejection {
  const fields = { finishedSteps: finishedSteps ?? [], lastFinishedStep: lastFinishedStep ?? null };
  const parsed = leadPosition.safeParse(fields);
  if (!parsed.success) {
    const [first] = fieldErrorsOf(parsed.error, fields);
    return { row, field: first?.field ?? 'finishedSteps', reason: first?.message ?? 'cannot be read' };
  }
  const bad = objectionTo(parsed.data, steps, now);
  if (bad !== null) return { row, ...bad };
  const stepOf = new Map(steps.map((step) => [step.step, step]));
  const finished = parsed.data.finishedSteps
    .flatMap(({ step, channel, doneAt }) => {
      const own = stepOf.get(step);
      return own === undefined
        ? []
        : [{ step, day: own.day, channel: channel ?? own.channel, doneAt: new Date(doneAt) }];
    })
    .sort((a, b) => a.step - b.step);
  return { lastStep: parsed.data.lastFinishedStep ?? finished.at(-1)?.step ?? 0, finished };
}

/** What makes no sense of a position that can be read: the field, and the remedy. */
function objectionTo(
  { finishedSteps, lastFinishedStep }: LeadPositionFields,
  steps: readonly SequenceStep[],
  now: Date,
): Omit<Rejection, 'row'> | null {
  for (const [index, { step, doneAt }] of finishedSteps.entries()) {
    const field = (name: string): string => `finishedSteps[${index}].${name}`;
    if (step > steps.length) return { field: field('step'), reason: notAStep(steps.length) };
    if (finishedSteps.slice(0, index).some((earlier) => earlier.step === step)) {
      return { field: field('step'), reason: `names step ${step} a second time; each step is finished once` };
    }
    if (new Date(doneAt) > now) return { field: field('doneAt'), reason: 'lies in the future; correct it' };
    if (finishedSteps.some((other) => other.step < step && new Date(other.doneAt) > new Date(doneAt))) {
      return { field: field('doneAt'), reason: 'is before that of an earlier step; correct one of them' };
    }
  }
  const highest = Math.max(0, ...finishedSteps.map(({ step }) => step));
  const last = lastFinishedStep ?? highest;
  if (last > steps.length) return { field: 'lastFinishedStep', reason: notAStep(steps.length) };
  if (last < highest) {
    return {
      field: 'lastFinishedStep',
      reason: `is before step ${highest}, which is finished; send that or leave it out`,
    };
  }
  if (last > 0 && finishedSteps.length === 0) {
    return { field: 'finishedSteps', reason: 'is empty; name at least one step that was done, with its doneAt' };
  }
  return null;
}

const notAStep = (steps: number): string => `is no step of this campaign; its steps are 1 to ${steps}`;
