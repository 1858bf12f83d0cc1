import { z } from 'zod';

/** The part of a request to /v1/messages that the simulated writer reads. */
export interface MessagesBody {
  model?: string;
  max_tokens?: number;
  system?: unknown;
  messages?: { role: string; content: string | { type: string; text?: string }[] }[];
  output_config?: { format?: { type: string; schema?: Record<string, unknown> } };
}

const word = z
  .string()
  .nullish()
  .transform((text) => text?.trim() ?? '')
  .catch('');
const words = z.array(z.string()).catch([]);

const dataSchema = z.object({
  touch: z.object({ channel: word, purpose: word }).catch({ channel: '', purpose: '' }),
  lead: z.object({ firstName: word, lastName: word, title: word }).catch({ firstName: '', lastName: '', title: '' }),
  company: z.object({ name: word, industry: word, city: word }).catch({ name: '', industry: '', city: '' }),
  client: z
    .object({ name: word, senderName: word, proofPoints: words })
    .catch({ name: '', senderName: '', proofPoints: [] }),
  alreadySaid: z
    .array(z.object({ text: word }))
    .catch([])
    .transform((said) => said.map(({ text }) => text)),
});

export type Brief = z.output<typeof dataSchema>;

export interface Prompt {
  brief: Brief;
  /** Everything after the data: why earlier answers were refused. */
  remarks: string;
  /** The fields that the answer must have; empty: plain text. */
  fields: string[];
}

/** Reads the brief from the `<data>` of the last user message. */
export function promptOf(body: MessagesBody): Prompt {
  const message = (body.messages ?? []).filter(({ role }) => role === 'user').at(-1);
  const content = message?.content ?? '';
  const text = typeof content === 'string' ? content : content.map((block) => block.text ?? '').join('\n');
  const start = text.indexOf('<data>');
  const end = text.lastIndexOf('</data>');
  const data = start >= 0 && end > start ? text.slice(start + '<data>'.length, end) : '{}';
  return {
    brief: dataSchema.parse(parsed(data)),
    remarks: end >= 0 ? text.slice(end + '</data>'.length) : '',
    fields: Object.keys(body.output_config?.format?.schema?.['properties'] ?? {}),
  };
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
