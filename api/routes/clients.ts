import { createClient, readClient, updateClient } from '../../store/tenants/clients';
import type { Api } from '../api';
import { clientOf, scopes } from '../caller';
import type { ApiDeps } from '../ports';
import { scoreAnew } from '../score-anew';
import { answers } from '../schemas/basics';
import { apiKeyView, apiKeyWithSecret, clientAnswer, clientChanges, clientView, newClient } from '../schemas/clients';

export function clientRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock } = deps;
  const tags = ['clients'];

  api.post(
    '/v1/clients',
    {
      config: { needs: 'operator' },
      schema: {
        tags,
        summary: "Make a client and its first API key (operator's key)",
        body: newClient,
        response: answers({ 201: clientAnswer.extend({ apiKey: apiKeyWithSecret }) }),
      },
    },
    async (request, reply) => {
      const { region, postalAddress, website, proofPoints, senderName, competitors, ...required } = request.body;
      const optional = {
        region: region ?? null,
        postalAddress: postalAddress ?? null,
        website: website ?? null,
        proofPoints: proofPoints ?? [],
        senderName: senderName ?? null,
        competitors: competitors ?? [],
      };
      const made = await createClient(
        database,
        { ...required, ...optional },
        { name: 'first key', scopes },
        await clock.now(),
      );
      const apiKey = { ...apiKeyView(made.key), secret: made.key.secret };
      return reply.code(201).send({ ...clientView(made.client), apiKey });
    },
  );

  api.get(
    '/v1/client',
    { schema: { tags, summary: "The caller's own client", response: answers({ 200: clientAnswer }) } },
    async (request) => clientView(await readClient(database, clientOf(request))),
  );

  api.patch(
    '/v1/client',
    {
      config: { needs: 'admin' },
      schema: { tags, summary: 'Change it', body: clientChanges, response: answers({ 200: clientAnswer }) },
    },
    async (request) => {
      const clientId = clientOf(request);
      const client = await updateClient(database, clientId, request.body);
      if (request.body.competitors !== undefined) await scoreAnew(deps, { clientId });
      return clientView(client);
    },
  );
}
