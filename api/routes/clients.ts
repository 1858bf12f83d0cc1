import { createClient, isClient, readClient, updateClient } from '../../store/tenants/clients';
import { adjustCredits, changeTier, listCreditEntries } from '../../store/tenants/credits';
import { readPacing } from '../../store/tenants/pacing';
import type { Api } from '../api';
import { clientOf, scopes } from '../caller';
import type { ApiDeps } from '../ports';
import { notFound, Problem } from '../problem';
import { scoreAnew } from '../score-anew';
import { answers, idParam, pageQuery, pageRequest, pageSchema, pageView } from '../schemas/basics';
import {
  apiKeyView,
  apiKeyWithSecret,
  clientAnswer,
  clientChanges,
  clientTerms,
  clientView,
  creditChange,
  creditEntry,
  creditEntryView,
  newClient,
} from '../schemas/clients';

export function clientRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock } = deps;
  const tags = ['clients'];
  const show = async (id: string) =>
    clientView(await readClient(database, id), await readPacing(database.sql, id, await clock.now()));
  /** @throws Problem 404 */
  const requireClient = async (id: string): Promise<void> => {
    if (!(await isClient(database, id))) throw notFound('client');
  };

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
      const { region, postalAddress, website, proofPoints, senderName, competitors, credits, ...required } =
        request.body;
      const now = await clock.now();
      const resetsAt = credits === undefined ? null : new Date(credits.resetsAt);
      if (resetsAt !== null && !isWithinMonths(resetsAt, now)) throw notSoon('credits.resetsAt');
      const brought = credits === undefined || resetsAt === null ? null : { remaining: credits.remaining, resetsAt };
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
        { firstKey: { name: 'first key', scopes }, credits: brought },
        now,
      );
      const apiKey = { ...apiKeyView(made.key), secret: made.key.secret };
      return reply.code(201).send({ ...(await show(made.client.id)), apiKey });
    },
  );

  api.get(
    '/v1/client',
    { schema: { tags, summary: "The caller's own client", response: answers({ 200: clientAnswer }) } },
    async (request) => show(clientOf(request)),
  );

  api.patch(
    '/v1/client',
    {
      config: { needs: 'admin' },
      schema: { tags, summary: 'Change it', body: clientChanges, response: answers({ 200: clientAnswer }) },
    },
    async (request) => {
      const clientId = clientOf(request);
      await updateClient(database, clientId, request.body);
      if (request.body.competitors !== undefined) await scoreAnew(deps, { clientId });
      return show(clientId);
    },
  );

  api.patch(
    '/v1/clients/:id',
    {
      config: { needs: 'operator' },
      schema: {
        tags,
        summary: "Change a client's tier, and its credits with it (PACE-1; operator's key)",
        params: idParam,
        body: clientTerms,
        response: answers({ 200: clientAnswer }),
      },
    },
    async ({ params: { id }, body }) => {
      await requireClient(id);
      await changeTier(database, id, body.tier, await clock.now());
      return show(id);
    },
  );

  api.post(
    '/v1/clients/:id/credits',
    {
      config: { needs: 'operator' },
      schema: {
        tags,
        summary: "Give or take credits of this month (operator's key)",
        params: idParam,
        body: creditChange,
        response: answers({ 200: clientAnswer }),
      },
    },
    async ({ params: { id }, body }) => {
      await requireClient(id);
      if (!(await adjustCredits(database, id, body, await clock.now()))) {
        const message = 'would leave less than no credit';
        throw new Problem('conflict', 'Not that many credits are left.', [{ field: 'amount', message }]);
      }
      return show(id);
    },
  );

  api.get(
    '/v1/credits',
    {
      schema: {
        tags,
        summary: 'The ledger of credits, the newest entry first (PACE-1, PACE-5)',
        querystring: pageQuery,
        response: answers({ 200: pageSchema(creditEntry) }),
      },
    },
    async (request) => {
      const page = await listCreditEntries(database, clientOf(request), pageRequest(request.query, 'number'));
      return pageView(page, creditEntryView);
    },
  );
}

/** PACE-1: a month's end; three of them, for whoever pays by the quarter. In days. */
const farthestReset = 93;

const isWithinMonths = (instant: Date, now: Date): boolean =>
  instant > now && instant.getTime() - now.getTime() <= farthestReset * 86_400_000;

function notSoon(field: string): Problem {
  const message = `must lie in the next ${farthestReset} days`;
  return new Problem('invalid-request', `Not valid: ${field}.`, [{ field, message }]);
}
