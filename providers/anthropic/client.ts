import type { HttpAnswer } from '../http-exchange';
import { asRecord, retryAfterSeconds, textField } from '../http-exchange';
import { signOf, signOfLifeMs, type SignOfLife } from '../manifest';
import type { Outside } from '../outside';
import type { Writer, WritingTask, WrittenText } from '../ports';
import { WriterUnavailable } from '../ports';

export interface AnthropicSettings {
  /** `https://api.anthropic.com`, or a simulator's. */
  baseUrl: string;
  apiKey: string;
  model: string;
  /** Total bound of one request in milliseconds; default 60 s: writing takes longer than sending. */
  timeoutMs?: number;
}

const writingTimeoutMs = 60_000;
/** Room for the longest e-mail and for whatever the model thinks before it. */
const maxOutputTokens = 4_096;
/** The version of the Messages API. */
const apiVersion = '2023-06-01';

/** Writes with Claude, as structured output, by plain HTTP. Retries are the caller's. */
export function anthropicWriter(settings: AnthropicSettings, { exchange }: Pick<Outside, 'exchange'>): Writer {
  return {
    async write(task: WritingTask): Promise<WrittenText> {
      const answer = await exchange({
        method: 'POST',
        url: `${apiOf(settings)}/messages`,
        headers: { ...headersOf(settings), 'content-type': 'application/json', 'x-touch-id': task.touchId },
        body: JSON.stringify(requestOf(task, settings.model)),
        timeoutMs: settings.timeoutMs ?? writingTimeoutMs,
      });
      if (answer.kind !== 'answered' || answer.status < 200 || answer.status >= 300) throw unavailable(answer);
      return writtenText(asRecord(answer.body));
    },
  };
}

/** Reads what is known of the model: the cheapest request that needs the key, and the model's name. */
export async function anthropicSign(settings: AnthropicSettings, { exchange }: Outside): Promise<SignOfLife> {
  const url = `${apiOf(settings)}/models/${encodeURIComponent(settings.model)}`;
  return signOf(await exchange({ method: 'GET', url, headers: headersOf(settings), timeoutMs: signOfLifeMs }));
}

const apiOf = ({ baseUrl }: AnthropicSettings): string => `${baseUrl.replace(/\/$/, '')}/v1`;

const headersOf = ({ apiKey }: AnthropicSettings): Record<string, string> => ({
  'x-api-key': apiKey,
  'anthropic-version': apiVersion,
});

function requestOf(task: WritingTask, model: string): Record<string, unknown> {
  return {
    model,
    max_tokens: maxOutputTokens,
    system: [{ type: 'text', text: task.instructions, cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [{ role: 'user', content: userText(task) }],
    output_config: { format: { type: 'json_schema', schema: task.schema } },
  };
}

/** The data block, in which no `<` of the data survives, so that data cannot end it (TEXT-3), then earlier refusals. */
function userText(task: WritingTask): string {
  const data = `<data>\n${JSON.stringify(task.data).replaceAll('<', '\\u003c')}\n</data>`;
  if (task.refusals.length === 0) return data;
  const reasons = task.refusals.map((reason) => `- ${reason}`).join('\n');
  return `${data}\n\nYour earlier answers could not be used:\n${reasons}\nWrite a new one that avoids this.`;
}

/** An answer that was refused, cut short or is no JSON has no content; the caller's checks say so to the model. */
function writtenText(message: Record<string, unknown>): WrittenText {
  const { content, usage: used, stop_reason: stopReason } = message;
  const model = textField(message, 'model');
  if (!Array.isArray(content) || typeof used !== 'object' || used === null || model === null) {
    throw new WriterUnavailable('malformed_answer');
  }
  const blocks = content.map(asRecord);
  const text = blocks.map((block) => (block['type'] === 'text' ? (textField(block, 'text') ?? '') : '')).join('');
  const usage = asRecord(used);
  return {
    content: stopReason === 'refusal' || stopReason === 'max_tokens' ? null : jsonOrNull(text),
    model,
    inputTokens: Number(usage['input_tokens'] ?? 0),
    outputTokens: Number(usage['output_tokens'] ?? 0),
    cacheReadTokens: Number(usage['cache_read_input_tokens'] ?? 0),
    cacheWriteTokens: Number(usage['cache_creation_input_tokens'] ?? 0),
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function unavailable(answer: HttpAnswer): WriterUnavailable {
  if (answer.kind === 'answered') {
    return new WriterUnavailable(reasonOf(answer.status), retryAfterSeconds(answer.headers) ?? null);
  }
  return new WriterUnavailable(answer.error === 'timed_out' ? 'timed_out' : 'connection_failed');
}

function reasonOf(status: number): string {
  const reasons: Record<number, string> = {
    400: 'invalid_request',
    401: 'authentication_failed',
    402: 'billing',
    403: 'permission_denied',
    404: 'model_not_found',
    413: 'request_too_large',
    429: 'rate_limited',
    529: 'overloaded',
  };
  return reasons[status] ?? `http_${status}`;
}
