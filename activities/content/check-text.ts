import type { Channel } from '../../domain/sequence';
import { answerSchemas } from './answers';
import type { EmailText, TouchContent, WritingFacts } from './facts';
import { senderNameOf } from './facts';
import { leftoverPlaceholders } from './placeholders';

/** Longest texts in characters, and the shortest e-mail worth sending. LinkedIn's and SMS's are TEXT-1's. */
export const textLimits = { subject: 150, bodyMinimum: 40, body: 2_500, script: 1_200, note: 300, sms: 306 } as const;

/** Reasons are sentences for the writer: they are sent back with the next request. */
export type TextVerdict = { ok: true; text: TouchContent } | { ok: false; reasons: string[] };

/**
 * Checks what the writer answered before it may be stored (TEXT-1, TEXT-2): shape, length, leftover placeholders,
 * and for text messages the sender's name and the opt-out. E-mails get their opt-out from the layout.
 * @returns the text with trimmed ends and plain line breaks, or every reason against it
 */
export function checkText(channel: Channel, content: unknown, facts: WritingFacts): TextVerdict {
  const parsed = answerSchemas[channel].safeParse(content);
  if (!parsed.success) {
    return { ok: false, reasons: [`The answer must be a JSON object with exactly the fields ${fieldsOf(channel)}.`] };
  }
  const text = tidy(parsed.data);
  const reasons = [...channelReasons(channel, text, facts), ...commonReasons(text, facts)];
  return reasons.length === 0 ? { ok: true, text } : { ok: false, reasons };
}

function fieldsOf(channel: Channel): string {
  return Object.keys(answerSchemas[channel].shape)
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

function channelReasons(channel: Channel, text: TouchContent, facts: WritingFacts): string[] {
  const field = (name: string): string => (text as unknown as Record<string, string>)[name] ?? '';
  switch (channel) {
    case 'email':
      return emailReasons(text as EmailText);
    case 'voice':
      return lengthReasons('script', field('script'), 1, textLimits.script);
    case 'linkedin':
      return lengthReasons('note', field('note'), 1, textLimits.note);
    case 'sms':
      return [...lengthReasons('text', field('text'), 1, textLimits.sms), ...smsReasons(field('text'), facts)];
  }
}

function emailReasons({ subject, body }: EmailText): string[] {
  return [
    ...lengthReasons('subject', subject, 1, textLimits.subject),
    ...(subject.includes('\n') ? ['The subject must be one line.'] : []),
    ...lengthReasons('body', body, textLimits.bodyMinimum, textLimits.body),
  ];
}

const optOut = /\b(reply|text|send)\s+["'“‘]?stop\b/i;

function smsReasons(text: string, facts: WritingFacts): string[] {
  const name = senderNameOf(facts);
  return [
    ...(text.toLowerCase().includes(name.toLowerCase()) ? [] : [`The text must name the sender, "${name}".`]),
    ...(optOut.test(text) ? [] : ['The text must end with the words "Reply STOP to opt out".']),
  ];
}

function lengthReasons(field: string, value: string, minimum: number, maximum: number): string[] {
  if (value.length === 0) return [`The ${field} is empty.`];
  if (value.length < minimum) return [`The ${field} has ${value.length} characters; at least ${minimum} are needed.`];
  if (value.length > maximum) return [`The ${field} has ${value.length} characters; at most ${maximum} are allowed.`];
  return [];
}

/** Anything but line breaks and tabs that no reader would see. */

const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f]/;

function commonReasons(text: TouchContent, facts: WritingFacts): string[] {
  const whole = Object.values(text).join('\n');
  const leftovers = leftoverPlaceholders(whole, facts).map((one) => `The placeholder ${one} was left in the text.`);
  return controlCharacters.test(whole) ? [...leftovers, 'The text contains control characters.'] : leftovers;
}
