import type { Because } from '../domain/facts';
import type { TouchForm } from '../domain/channels';
import type { SequenceStep } from '../domain/sequence';
import type { EnrollmentRecord } from '../store/enrollments/facts';
import { countTextFailure, storeText } from '../store/touches/texts';
import { delayTouch } from '../store/touches/steps';
import { readWritingFacts } from '../store/touches/writing-facts';
import { writeText, type WritingUsage } from './content/write-text';
import type { ActivityDeps } from './deps';

/**
 * Has a touch's text written, checked and stored (TEXT-1, TEXT-2, TEXT-4). A text that is there already stays.
 * @returns false when no text passed the checks: the touch has lost its slot and is planned again
 * @throws WriterUnavailable when the writer gave no answer
 */
export async function compose(
  deps: ActivityDeps,
  record: EnrollmentRecord,
  { step, form }: { step: SequenceStep; form: TouchForm },
  touchId: string,
): Promise<boolean> {
  const known = await readWritingFacts(deps.database.sql, record.enrollmentId, touchId);
  if (known === null) return true;
  const touch = { channel: step.channel, form, purpose: step.purpose, step: step.step };
  const result = await writeText(deps.providers.writer, { touchId, facts: { touch, ...known } });
  const now = await deps.clock.now();
  const { clientId, enrollmentId, moved } = record;
  if (!result.written) {
    const because: Because = { reason: 'no text passed the checks', rule: 'TEXT-2', numbers: numbersOf(result.usage) };
    await countTextFailure(deps.database.sql, touchId);
    await delayTouch(deps.database, { clientId, enrollmentId, touchId, step: step.step }, because, now);
    return false;
  }
  const { tries: _, ...usage } = result.usage;
  const because: Because = { reason: 'text written', rule: 'TEXT-4', numbers: numbersOf(result.usage) };
  const owner = { touchId, clientId, enrollmentId, moved, step: step.step, channel: step.channel, form };
  await storeText(deps.database.sql, owner, { text: { content: result.text, ...usage }, because }, now);
  return true;
}

function numbersOf(usage: WritingUsage): Because['numbers'] {
  const { tries, promptVersion, model, inputTokens, outputTokens, costMicroUsd } = usage;
  return { tries, promptVersion, model, inputTokens, outputTokens, costMicroUsd };
}
