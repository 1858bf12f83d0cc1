import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { OpenWebhook } from '../../providers/open-webhooks';
import type { ProviderEvent } from '../../providers/ports';
import type { WebhookRequest } from '../../providers/webhook';
import type { Api } from '../api';
import type { ApiDeps } from '../ports';
import { Problem } from '../problem';
import { recordEvents } from '../record-events';
import { answers, stillOnItsWay } from '../schemas/basics';
import { StillOnItsWay } from '../stops';

/**
 * What providers tell us. Each request proves where it comes from by its raw bytes; its events are stored and applied
 * before the 200 (TRUTH-5), and workflows hear of them without the provider waiting.
 */
export function webhookRoutes(api: Api, deps: ApiDeps): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const webhook of deps.webhooks) webhookRoute(api, deps, webhook);
}

function webhookRoute(api: Api, deps: ApiDeps, webhook: OpenWebhook): void {
  const { method, path: url, bodyLimit } = webhook;
  api.route({
    method,
    url,
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    schema: {
      tags: ['webhooks'],
      security: [],
      summary: `${webhook.provider}: ${webhook.summary}`,
      description: `For ${webhook.provider} alone. Proof: ${webhook.proof}.`,
      response: answers({ 200: z.string().describe('Stored and applied'), ...stillOnItsWay }),
    },
    handler: async (request, reply) => {
      const raw = await rawRequest(request, deps);
      await store(request, await webhook.parse(raw), deps);
      const { contentType, body } = await webhook.answer(raw);
      return reply.code(200).type(contentType).send(body);
    },
  });
}

async function store(request: FastifyRequest, events: ProviderEvent[], deps: ApiDeps): Promise<void> {
  if (events.length === 0) return;
  try {
    await recordEvents(deps, events);
  } catch (error) {
    if (error instanceof StillOnItsWay) throw error;
    // Not stored, so not acknowledged: providers that retry will.
    request.log.error({ err: error }, 'events were not stored');
    throw new Problem('unavailable', 'The event was not stored. Send it again.', [], { 'retry-after': '10' });
  }
}

async function rawRequest(request: FastifyRequest, { config, clock }: ApiDeps): Promise<WebhookRequest> {
  const { secret = '' } = request.params as { secret?: string };
  return {
    headers: request.headers,
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    url: `${config.publicBaseUrl}${request.url}`,
    secret,
    receivedAt: await clock.now(),
  };
}
