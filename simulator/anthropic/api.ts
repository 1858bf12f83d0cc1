import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Request } from '../arrivals';
import { unknownFields, writeAnswer } from './writing/answer';
import { promptOf, type MessagesBody } from './writing/prompt';
import type { ProviderContext } from '../provider';

const charactersPerToken = 4;

/** Anthropic's Messages API for structured output; not streamed. */
export function anthropicApi(context: ProviderContext<'anthropicApiKey'>): FastifyPluginAsync {
  const cachedPrefixes = new Set<string>();

  async function refuse(
    reply: FastifyReply,
    seen: Request,
    { status, type, message }: { status: 400 | 401; type: string; message: string },
  ): Promise<FastifyReply> {
    await context.arrivals.reject(seen, type);
    return reply.code(status).send({ type: 'error', error: { type, message }, request_id: requestId() });
  }

  async function create(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const body = (request.body ?? {}) as MessagesBody;
    const seen = generateRequest(request, body.model);
    if (keyOf(request) !== context.secrets.anthropicApiKey) {
      return refuse(reply, seen, { status: 401, type: 'authentication_error', message: 'invalid x-api-key' });
    }
    const problem = problemWith(request, body);
    if (problem) return refuse(reply, seen, { status: 400, type: 'invalid_request_error', message: problem });
    const prompt = promptOf(body);
    const unknown = unknownFields(prompt);
    if (unknown.length > 0) {
      return refuse(reply, seen, {
        status: 400,
        type: 'invalid_request_error',
        message: `the simulated writer cannot fill ${unknown.join(', ')}`,
      });
    }
    const text = writeAnswer(prompt, context.seed);
    const usage = usageOf(body, text, cachedPrefixes);
    await context.arrivals.accept({ ...seen, detail: { ...seen.detail, text, usage } });
    return reply.header('request-id', requestId()).send({
      id: `msg_${randomBytes(12).toString('hex')}`,
      type: 'message',
      role: 'assistant',
      model: body.model,
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage,
    });
  }

  /** A look at the account: no request that the outbox lists. */
  function show(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { model } = request.params as { model: string };
    if (keyOf(request) === context.secrets.anthropicApiKey) return reply.send({ type: 'model', id: model });
    const error = { type: 'authentication_error', message: 'invalid x-api-key' };
    return reply.code(401).send({ type: 'error', error, request_id: requestId() });
  }

  return (app) => {
    app.post('/messages', create);
    app.get('/models/:model', show);
    return Promise.resolve();
  };
}

/** The key comes in X-Api-Key, or as a bearer token from the SDK. */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['x-api-key'];
  return typeof key === 'string' ? key : /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
}

function problemWith(request: FastifyRequest, body: MessagesBody): string | null {
  if (!request.headers['anthropic-version']) return 'anthropic-version: header is required';
  if (!body.model) return 'model: Field required';
  if (!Number.isInteger(body.max_tokens)) return 'max_tokens: Field required';
  if (!Array.isArray(body.messages) || body.messages.length === 0) return 'messages: at least one message is required';
  return null;
}

function generateRequest(request: FastifyRequest, model: string | undefined): Request {
  const touchId = request.headers['x-touch-id'];
  return {
    provider: 'anthropic',
    operation: 'generate',
    resource: null,
    recipient: null,
    touchId: typeof touchId === 'string' ? touchId : null,
    detail: { model: model ?? null },
  };
}

/** The first request with a cached prefix writes the cache, later ones read it. */
function usageOf(body: MessagesBody, answer: string, cached: Set<string>): Record<string, unknown> {
  const system = JSON.stringify(body.system ?? '');
  const isCacheable = system.includes('"cache_control"');
  const prefixTokens = tokens(system);
  const isHit = isCacheable && cached.has(system);
  if (isCacheable) cached.add(system);
  return {
    input_tokens: tokens(JSON.stringify(body.messages)) + (isCacheable ? 0 : prefixTokens),
    cache_creation_input_tokens: isCacheable && !isHit ? prefixTokens : 0,
    cache_read_input_tokens: isHit ? prefixTokens : 0,
    output_tokens: tokens(answer),
    service_tier: 'standard',
  };
}

function tokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

function requestId(): string {
  return `req_${randomBytes(12).toString('hex')}`;
}
