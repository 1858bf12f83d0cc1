import type { TouchForm } from '../../domain/channels';
import { actionsOf, formActions } from '../channels';
import type { TouchContent, WritingFacts } from './facts';
import { leftoverPlaceholders } from './placeholders';

/** Reasons are sentences for the writer: they are sent back with the next request. */
export type TextVerdict = { ok: true; text: TouchContent } | { ok: false; reasons: string[] };

/**
 * Checks what the writer answered before it may be stored (TEXT-1, TEXT-2): its shape, the form's own checks, and what
 * no text may have. E-mails get their opt-out from the layout.
 * @returns the text with trimmed ends and plain line breaks, or every reason against it
 */
export function checkText(form: TouchForm, content: unknown, facts: WritingFacts): TextVerdict {
  const parsed = formActions[form].answer.safeParse(content);
  if (!parsed.success) {
    return { ok: false, reasons: [`The answer must be a JSON object with exactly the fields ${fieldsOf(form)}.`] };
  }
  const text = tidy(parsed.data);
  const reasons = [...actionsOf(form).check(text, facts), ...commonReasons(text, facts)];
  return reasons.length === 0 ? { ok: true, text } : { ok: false, reasons };
}

function fieldsOf(form: TouchForm): string {
  return Object.keys(formActions[form].answer.shape)
    .map((field) => `"${field}"`)
    .join(' and ');
}

function tidy(content: TouchContent): TouchContent {
  const entries = Object.entries(content).map(([field, value]) => [
    field,
    String(value).replace(/\r\n?/g, '\n').trim(),
  ]);
  return Object.fromEntries(entries) as TouchContent;
}

/** Anything but line breaks and tabs that no reader would see. */
const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f]/;

function commonReasons(text: TouchContent, facts: WritingFacts): string[] {
  const whole = Object.values(text).join('\n');
  const leftovers = leftoverPlaceholders(whole, facts).map((one) => `The placeholder ${one} was left in the text.`);
  return controlCharacters.test(whole) ? [...leftovers, 'The text contains control characters.'] : leftovers;
}
