import fastify, { type FastifyInstance } from 'fastify';
import pino from 'pino';
import { randomUUID } from 'node:crypto';
import { createApi } from '../../api/create-api';
import { openWebhooks, watchProviders } from '../../providers';
import { openOutside } from '../../providers/outside';
import { requireSecret } from '../../providers/webhook';
import type { Database } from '../../store/database';
import { dispatch } from '../../store/outbox/dispatch';
import { monday } from '../capacity/booking';
import { secretKey } from '../run';

/** The secret in the paths of webhooks. */
export const webhookSecret = 'the-secret-of-a-webhook';

const nothing = (): Promise<void> => Promise.resolve();
const clock = { now: () => Promise.resolve(monday), toWorkflowTime: (at: Date) => at.getTime() };

/** Something that listens on a port of this machine. */
export interface Listening {
  origin: string;
  stop(): Promise<void>;
}

/** The whole API, before a Temporal that answers at once. */
export function listenApi(database: Database): Promise<Listening> {
  const publicBaseUrl = 'https://engine.example';
  const api = createApi({
    database,
    clock,
    config: { publicBaseUrl, secretKey, operatorApiKey: null },
    logger: pino({ level: 'silent' }),
    workflows: {
      pauseCampaign: nothing,
      resumeCampaign: nothing,
      completeCampaign: nothing,
      leadsImported: nothing,
      isHealthy: () => Promise.resolve(true),
    },
    deliverOutbox: (wanted) => dispatch(database, clock, nothing, wanted),
    webhooks: openWebhooks(
      { salesforge: { webhookSecret }, clicksend: { webhookSecret } },
      { publicBaseUrl, isOurMailbox: () => Promise.resolve(true), takeCallScript: () => Promise.resolve(null) },
    ),
    leadSources: [],
    readMailforge: () => Promise.resolve([]),
    checkDomainDns: nothing,
    canEnrich: false,
    providerStates: watchProviders({}, openOutside({ publicBaseUrl, onlyThisMachine: true })),
  });
  return listen(api);
}

/** The floor of a webhook: the same proof of the same bytes, and one row committed by one prepared statement. */
export function listenBare(database: Database): Promise<Listening> {
  const bare = fastify();
  bare.removeAllContentTypeParsers();
  bare.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  bare.post('/bare/:secret', async (request, reply) => {
    requireSecret((request.params as { secret: string }).secret, webhookSecret);
    await storeBare(database, (request.body as Buffer).toString());
    return reply.type('application/json; charset=utf-8').send('{"received":true}');
  });
  return listen(bare);
}

/** One row as it comes: the least that storing an event can be. */
export async function storeBare({ sql }: Database, body: string): Promise<void> {
  await sql`
    INSERT INTO inbound_event (id, provider, provider_event_id, kind, occurred_at, received_at, proves_sending, payload)
    VALUES (gen_random_uuid(), 'bare', ${randomUUID()}, 'unknown', ${monday}, ${monday}, false, ${body}::jsonb)`;
}

async function listen(server: FastifyInstance): Promise<Listening> {
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  return { origin, stop: () => server.close() };
}
