import Anthropic, { APIConnectionTimeoutError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import type { Message, MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
import { retryAfterSeconds } from '../http-exchange';
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

/** Writes with Claude, as structured output. Retries are the caller's. */
export function anthropicWriter(settings: AnthropicSettings, { fetch }: Pick<Outside, 'fetch'>): Writer {
  const timeoutMs = settings.timeoutMs ?? writingTimeoutMs;
  const client = new Anthropic({
    baseURL: settings.baseUrl,
    apiKey: settings.apiKey,
    authToken: null,
    maxRetries: 0,
    timeout: timeoutMs,
    fetch,
  });
  return {
    async write(task: WritingTask): Promise<WrittenText> {
      // The SDK's own time-out ends with the answer's headers; the signal covers its body as well.
      const signal = AbortSignal.timeout(timeoutMs);
      const headers = { 'X-Touch-Id': task.touchId };
      try {
        return writtenText(await client.messages.create(requestOf(task, settings.model), { signal, headers }));
      } catch (error) {
        throw unavailable(error, signal.aborted);
      }
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

function requestOf(task: WritingTask, model: string): MessageCreateParamsNonStreaming {
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
function writtenText(message: Message): WrittenText {
  const { usage } = message;
  if (!Array.isArray(message.content) || !usage) throw new WriterUnavailable('malformed_answer');
  const text = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  return {
    content: message.stop_reason === 'refusal' || message.stop_reason === 'max_tokens' ? null : jsonOrNull(text),
    model: message.model,
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_input_tokens ?? 0,
    cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function unavailable(error: unknown, aborted: boolean): WriterUnavailable {
  if (error instanceof WriterUnavailable) return error;
  if (aborted || error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError) {
    return new WriterUnavailable('timed_out');
  }
  if (!(error instanceof APIError)) return new WriterUnavailable('malformed_answer');
  const wait = error.headers ? (retryAfterSeconds(error.headers as Headers) ?? null) : null;
  return new WriterUnavailable(reasonOf(error.status as number | undefined), wait);
}

function reasonOf(status: number | undefined): string {
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
  if (status === undefined) return 'connection_failed';
  return reasons[status] ?? `http_${status}`;
}
