import { chance } from '../../chance';
import type { Brief, Prompt } from './prompt';
import { writeCallScript, emailBody, emailSubject, linkedInMessage, linkedInNote, smsText } from './texts';
import { createVoice } from './voice';

const writers: Record<string, (brief: Brief, voice: ReturnType<typeof createVoice>) => string> = {
  subject: emailSubject,
  body: emailBody,
  script: writeCallScript,
  note: linkedInNote,
  message: linkedInMessage,
  text: smsText,
};

/** The fields of a schema that the simulated writer cannot fill. */
export function unknownFields(prompt: Prompt): string[] {
  return prompt.fields.filter((field) => !(field in writers));
}

/**
 * An answer as Claude might give it: JSON with the schema's fields, or plain words when no schema is given. The same
 * seed, lead and purpose give the same text; a remark on an earlier answer gives another.
 */
export function writeAnswer(prompt: Prompt, seed: number): string {
  const { brief, remarks } = prompt;
  const { lead, company, touch } = brief;
  const who = [lead.firstName, lead.lastName, company.name, touch.channel, touch.purpose, remarks.trim()].join('|');
  const voice = createVoice((what) => chance(seed, who, what), brief.alreadySaid);
  const contents = prompt.fields.map((field) => [field, writers[field]?.(brief, voice) ?? '']);
  return prompt.fields.length > 0 ? JSON.stringify(Object.fromEntries(contents)) : emailBody(brief, voice);
}
