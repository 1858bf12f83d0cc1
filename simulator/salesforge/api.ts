import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { createRateLimit } from '../rate-limit';
import type { ProviderContext } from '../provider';
import { coreRoutes } from './core';
import type { Departures } from './departures';
import type { Misbehaviours } from './misbehaviours';
import { multichannelRoutes } from './multichannel';
import type { Workspace } from './workspace';

export type Context = ProviderContext<'salesforgeApiKey' | 'salesforgeWorkspace' | 'salesforgeWebhook'>;

export interface Parts {
  context: Context;
  workspace: Workspace;
  departures: Departures;
  misbehaviours: Misbehaviours;
}

/** The word that Salesforge refuses by. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Both APIs of Salesforge: core (`/public/v2`) and sequences (`/public/multichannel`). */
export function salesforgeApi(parts: Parts): FastifyPluginAsync {
  const { context, misbehaviours } = parts;
  const { salesforgeWorkspace } = context.secrets;
  const takes = createRateLimit(context.salesforge.requestsPerMinute, context.now);

  return (app) => {
    app.addHook('preHandler', async (request, reply) => {
      await guard(request, reply);
    });
    app.addHook('onSend', (request, reply, payload, done) => {
      const path = pathOf(request);
      const told = reply.statusCode < 400 ? misbehaviours.take({ method: request.method, path, when: 'after' }) : null;
      if (told === null) return done(null, payload);
      if (told.answer === 'reset') return void request.raw.socket.destroy();
      reply.code(told.answer);
      done(null, told.body);
    });
    app.setErrorHandler(async (error, request, reply) => {
      if (!(error instanceof Refusal)) throw error;
      await context.arrivals.reject(seenAs(request), error.message);
      return reply.code(error.status).send({ message: error.message, data: null });
    });
    app.get('/public/v2/me', () => ({ accountId: 'acc_1', apiKeyName: 'simulated' }));
    const inWorkspace = (base: string, routes: (app: FastifyInstance) => void) =>
      app.register(
        (inner, _, done) => {
          routes(inner);
          done();
        },
        { prefix: `${base}/workspaces/${salesforgeWorkspace}` },
      );
    inWorkspace('/public/v2', (inner) => coreRoutes(inner, parts));
    inWorkspace('/public/multichannel', (inner) => multichannelRoutes(inner, parts));
    app.get('/public/multichannel/actions', () => ({
      actions: [
        { id: 14, name: 'send_email', channel: 'email', branchingType: 'single', description: 'Sends an e-mail' },
      ],
      pagination: { page: 1, limit: 10, total: 1, totalPages: 1, hasNext: false },
    }));
    return Promise.resolve();
  };

  /** Key, misbehaviour, limit; then the request is written down. */
  async function guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const path = pathOf(request);
    const told = misbehaviours.take({ method: request.method, path, when: 'before' });
    if (told?.answer === 'reset') return void request.raw.socket.destroy();
    if (told !== null) {
      await context.arrivals.reject(seenAs(request), String(told.answer));
      return void (await reply.code(told.answer).headers(told.headers).type('application/json').send(told.body));
    }
    if (request.headers.authorization !== context.secrets.salesforgeApiKey) throw new Refusal(401, 'unauthorized');
    const waitSeconds = await takes();
    if (waitSeconds !== null) {
      await context.arrivals.reject(seenAs(request), 'too_many_requests');
      return void (await reply
        .code(429)
        .header('retry-after', String(waitSeconds))
        .send({ message: 'too_many_requests' }));
    }
    if (!path.endsWith('/me')) await context.arrivals.accept(seenAs(request));
  }
}

const pathOf = (request: FastifyRequest): string => request.url.replace(/\?.*$/, '');

/** A request about the account: no mail leaves by it, or not yet. */
function seenAs(request: FastifyRequest) {
  const touchId = request.headers['x-touch-id'];
  return {
    provider: 'salesforge',
    operation: request.method === 'GET' ? ('lookup' as const) : ('update' as const),
    resource: null,
    recipient: null,
    touchId: typeof touchId === 'string' && touchId !== '' ? touchId : null,
    detail: { method: request.method, path: pathOf(request) },
  };
}
