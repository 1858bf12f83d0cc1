import fastify from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { handleErrors } from '../../api/error-handler';
import { describeApi } from '../../api/openapi';
import type { ApiDeps } from '../../api/ports';
import { webhookRoutes } from '../../api/routes/webhooks';
import { validatorCompiler } from '../../api/validation';
import { manifests } from '../../providers';
import { provider, type ProviderManifest } from '../../providers/manifest';
import { webhooksFrom } from '../../providers/open-webhooks';
import { WebhookRefused } from '../../providers/webhook';
import { text } from '../../runtime/variables';

const now = new Date('2026-03-02T00:00:00Z');
const event = { provider: 'pigeon', providerEventId: '1', kind: 'reply', occurredAt: now } as const;

/** A provider that nobody has heard of: a manifest is all that its route needs. */
const pigeon = provider({
  name: 'pigeon',
  title: 'Pigeons',
  variables: { word: text('PIGEON_WORD', 'Word.') },
  webhooks: [
    {
      method: 'POST',
      path: '/webhooks/pigeon/:secret',
      proof: 'secret in the path',
      summary: 'A pigeon came home',
      register: 'on its leg',
      bodyLimit: 10,
      parse: ({ secret, rawBody }, { word }) => {
        if (secret !== word) throw new WebhookRefused(401, 'the word is wrong');
        return rawBody.toString() === 'none'
          ? []
          : [{ ...event, touchId: null, reference: null, person: null, resource: null, payload: rawBody.toString() }];
      },
      answer: ({ url }) => ({ contentType: 'text/plain', body: url }),
    },
  ],
});

const noRoom = () => Promise.reject(new Error('no room'));

/** The API's webhook routes over a database that takes nothing. What is stored when it does: outside.test.ts. */
function apiWith(list: readonly ProviderManifest[]) {
  const server = fastify();
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  handleErrors(server);
  const context = {
    publicBaseUrl: 'https://engine.example',
    isOurMailbox: () => Promise.resolve(false),
    takeCallScript: () => Promise.resolve(null),
  };
  const deps = {
    config: { publicBaseUrl: context.publicBaseUrl, secretKey: 'a key for tests that is long enough' },
    clock: { now: () => Promise.resolve(now) },
    database: { sql: noRoom, pool: { connect: noRoom } },
    webhooks: webhooksFrom(list, { pigeon: { word: 'home' } }, context),
  } as unknown as ApiDeps;
  void server.register(async (scope) => {
    const api = scope.withTypeProvider<ZodTypeProvider>();
    await describeApi(api, context.publicBaseUrl);
    webhookRoutes(api, deps);
  });
  const post = (url: string, payload: string) =>
    server.inject({ method: 'POST', url, payload, headers: { 'content-type': 'text/plain' } });
  return { server, post };
}

test('a manifest is enough: its route proves, reads, and answers as the provider wants', async () => {
  const { server, post } = apiWith([pigeon]);
  const answer = await post('/webhooks/pigeon/home?x=1', 'none');
  expect([answer.statusCode, answer.body]).toEqual([200, 'https://engine.example/webhooks/pigeon/home?x=1']);
  expect(answer.headers['content-type']).toContain('text/plain');
  const refused = await post('/webhooks/pigeon/away', 'none');
  expect(refused.statusCode).toBe(401);
  expect(refused.body).not.toContain('/webhooks/pigeon/away');
  expect((await post('/webhooks/pigeon/home', 'a body beyond ten bytes')).statusCode).toBe(413);
  await server.close();
});

test('what was not stored is not answered', async () => {
  const { server, post } = apiWith([pigeon]);
  const answer = await post('/webhooks/pigeon/home', 'rrr');
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('10');
  await server.close();
});

test('OpenAPI describes the webhooks of the list, each with its proof and without a key', async () => {
  const { server } = apiWith(manifests);
  const document = (await server.inject('/openapi.json')).json<{
    paths: Record<string, { post?: { tags: string[]; description: string; security: unknown[] } }>;
  }>();
  for (const { name, webhooks = [] } of manifests) {
    for (const { path, proof } of webhooks) {
      const described = document.paths[path.replace(':secret', '{secret}')]?.post;
      expect(described).toMatchObject({ tags: ['webhooks'], security: [] });
      expect(described?.description).toContain(proof);
      expect(described?.description).toContain(name);
    }
  }
  await server.close();
});
