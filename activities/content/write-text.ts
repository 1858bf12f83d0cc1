import type { Writer, WrittenText } from '../../providers/ports';
import { answerJsonSchema } from '../channels';
import { checkText } from './check-text';
import type { TouchContent, WritingFacts } from './facts';
import { costMicroUsd } from './prices';
import { instructionsFor, promptVersion } from './prompt';

/** TEXT-2: asked once, and again with the reasons twice. */
export const maximumTries = 3;

/** What a text cost, over all its tries; stored with the touch (TEXT-4). */
export interface WritingUsage {
  promptVersion: string;
  model: string;
  tries: number;
  /** With what the provider's cache read and wrote. */
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
}

export type WritingResult =
  | { written: true; text: TouchContent; usage: WritingUsage }
  | { written: false; reasons: string[]; usage: WritingUsage };

export interface WritingAssignment {
  touchId: string;
  facts: WritingFacts;
}

/**
 * Has a touch's text written and checked; a text that fails is asked for again with the reasons (TEXT-2).
 * @returns the text, or the reasons against the last one after three tries
 * @throws WriterUnavailable when the provider gave no answer
 */
export async function writeText(writer: Writer, { touchId, facts }: WritingAssignment): Promise<WritingResult> {
  const { form, purpose } = facts.touch;
  const instructions = instructionsFor(form, purpose);
  const schema = answerJsonSchema(form);
  let usage: WritingUsage = { promptVersion, model: '', tries: 0, inputTokens: 0, outputTokens: 0, costMicroUsd: 0 };
  const refusals: string[] = [];
  for (;;) {
    const answer = await writer.write({ touchId, instructions, data: { ...facts }, refusals: [...refusals], schema });
    usage = withAnswer(usage, answer);
    const verdict = checkText(form, answer.content, facts);
    if (verdict.ok) return { written: true, text: verdict.text, usage };
    if (usage.tries >= maximumTries) return { written: false, reasons: verdict.reasons, usage };
    refusals.push(...verdict.reasons);
  }
}

function withAnswer(usage: WritingUsage, answer: WrittenText): WritingUsage {
  const { cacheReadTokens = 0, cacheWriteTokens = 0 } = answer;
  return {
    ...usage,
    model: answer.model,
    tries: usage.tries + 1,
    inputTokens: usage.inputTokens + answer.inputTokens + cacheReadTokens + cacheWriteTokens,
    outputTokens: usage.outputTokens + answer.outputTokens,
    costMicroUsd: usage.costMicroUsd + costMicroUsd(answer.model, answer),
  };
}
