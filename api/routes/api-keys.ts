import { z } from 'zod';
import { createApiKey, listApiKeys, revokeApiKey } from '../../store/tenants/api-keys';
import type { Api } from '../api';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { notFound, Problem } from '../problem';
import { answers, idParam, pageSchema, pageQuery, pageRequest, pageView } from '../schemas/basics';
import { apiKey, apiKeyView, apiKeyWithSecret, newApiKey } from '../schemas/clients';

export function apiKeyRoutes(api: Api, { database, clock }: ApiDeps): void {
  const tags = ['api keys'];
  const config = { needs: 'admin' } as const;

  api.post(
    '/v1/api-keys',
    {
      config,
      schema: {
        tags,
        summary: 'Make a key; its secret is shown this once',
        body: newApiKey,
        response: answers({ 201: apiKeyWithSecret }),
      },
    },
    async (request, reply) => {
      const { name, scopes } = request.body;
      const now = await clock.now();
      const expiresAt = request.body.expiresAt ? new Date(request.body.expiresAt) : null;
      if (expiresAt !== null && expiresAt <= now) {
        throw new Problem('invalid-request', 'Not valid: expiresAt.', [
          { field: 'expiresAt', message: 'must be in the future' },
        ]);
      }
      const key = await createApiKey(database, { clientId: clientOf(request), name, scopes, expiresAt, now });
      return reply.code(201).send({ ...apiKeyView(key), secret: key.secret });
    },
  );

  api.get(
    '/v1/api-keys',
    {
      config,
      schema: {
        tags,
        summary: 'Keys in force',
        querystring: pageQuery,
        response: answers({ 200: pageSchema(apiKey) }),
      },
    },
    async (request) => pageView(await listApiKeys(database, clientOf(request), pageRequest(request.query)), apiKeyView),
  );

  api.delete(
    '/v1/api-keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Revoke a key at once',
        params: idParam,
        response: answers({ 204: z.undefined().describe('Revoked') }),
      },
    },
    async (request, reply) => {
      if (!(await revokeApiKey(database, clientOf(request), request.params.id, await clock.now()))) {
        throw notFound('API key');
      }
      return reply.code(204).send();
    },
  );
}
