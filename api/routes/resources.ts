import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { refreshSequences } from '../../store/campaigns/campaigns';
import { noteResumed, noteReviewed } from '../../store/senders/health';
import type { PauseReason } from '../../store/senders/pauses';
import { tryAgainNow } from '../../store/senders/outages';
import { liftPause, markReviewed, pause } from '../../store/senders/pauses';
import { isTaken } from '../../store/unique';
import type { Api } from '../api';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { notFound, Problem } from '../problem';
import { domainKind } from '../resources/domain';
import { linkedInSeatKind } from '../resources/linkedin-seat';
import { mailboxKind } from '../resources/mailbox';
import { phoneNumberKind } from '../resources/phone-number';
import type { Owned, ApiResource } from '../resources/resource';
import { answers, idParam, noBody, pageSchema, pageQuery, pageRequest, pageView } from '../schemas/basics';

const tags = ['resources'];

/** What a person lifts by hand. What is missing in the DNS ends when it is found. */
const liftedByHand: readonly PauseReason[] = ['operator', 'provider', 'health'];

/** The routes of everything that clients send from. Another kind is another line. */
export function resourceRoutes(api: Api, deps: ApiDeps): void {
  routesOf(api, deps, domainKind(deps));
  routesOf(api, deps, mailboxKind(deps));
  routesOf(api, deps, phoneNumberKind(deps));
  routesOf(api, deps, linkedInSeatKind(deps));
}

interface OneResource {
  Params: { id: string };
}

function routesOf<New extends z.ZodType, Changes extends z.ZodType, View extends z.ZodType, Row>(
  api: FastifyInstance,
  deps: ApiDeps,
  kind: ApiResource<New, Changes, View, Row>,
): void {
  const { database, clock } = deps;
  const { noun, schemas, summaries } = kind;
  const path = `/v1/${kind.path}`;
  const needs = { needs: 'write' } as const;
  const one = { tags, params: idParam, response: answers({ 200: schemas.view }) };

  async function show(owner: Owned): Promise<z.output<View>> {
    const row = await kind.read(owner);
    const [view] = row === null ? [] : await kind.views(owner.clientId, [row]);
    if (view === undefined) throw notFound(noun);
    return view;
  }

  api.post(
    path,
    {
      config: needs,
      schema: { tags, summary: summaries.create, body: schemas.create, response: answers({ 201: schemas.view }) },
    },
    async (request, reply) => {
      const clientId = clientOf(request);
      const { id } = await registerOnce(
        kind.unique,
        kind.create(clientId, request.body as z.output<New>, await clock.now()),
      );
      await refreshSequences(database, clientId);
      return reply.code(201).send(await show({ clientId, id }));
    },
  );

  api.get<{ Querystring: z.output<typeof pageQuery> }>(
    path,
    {
      schema: {
        tags,
        summary: `Every ${noun}`,
        querystring: pageQuery,
        response: answers({ 200: pageSchema(schemas.view) }),
      },
    },
    async (request) => {
      const clientId = clientOf(request);
      const page = await kind.list(clientId, pageRequest(request.query));
      return pageView({ rows: await kind.views(clientId, page.rows), next: page.next }, (view) => view);
    },
  );

  api.get<OneResource>(`${path}/:id`, { schema: { ...one, summary: `One ${noun}` } }, async (request) =>
    show({ clientId: clientOf(request), id: request.params.id }),
  );

  api.patch<OneResource>(
    `${path}/:id`,
    { config: needs, schema: { ...one, summary: summaries.change, body: schemas.changes } },
    async (request) => {
      const owner = { clientId: clientOf(request), id: request.params.id };
      await show(owner);
      await kind.change(owner, request.body as z.output<Changes>);
      await refreshSequences(database, owner.clientId);
      return show(owner);
    },
  );

  const action = (name: string, summary: string, act: (owner: Owned, now: Date) => Promise<void>): void => {
    api.post<OneResource>(
      `${path}/:id/${name}`,
      { config: needs, schema: { ...one, summary, body: noBody } },
      async (request) => {
        const owner = { clientId: clientOf(request), id: request.params.id };
        if ((await kind.read(owner)) === null) throw notFound(noun);
        await act(owner, await clock.now());
        return show(owner);
      },
    );
  };
  const byUser = { reason: 'operator', detail: 'paused by the user' } as const;
  action('pause', `Nothing more leaves from this ${noun} until it is resumed`, (owner, now) =>
    pause(database.sql, kind.pausable(owner), byUser, now),
  );
  action('resume', `Let this ${noun} send again (HLTH-2)`, async (owner, now) => {
    const resumed = kind.pausable(owner);
    if (resumed.kind === 'domain') await noteResumed(database, resumed, now);
    // A domain's health was dealt with above, together with what it remembers.
    const lifted = liftedByHand.filter((reason) => resumed.kind !== 'domain' || reason !== 'health');
    await liftPause(database.sql, resumed, lifted, now);
    if (resumed.kind === 'sender') await tryAgainNow(database.sql, resumed, now);
  });
  action('reviewed', `Mark the alerts about this ${noun} as reviewed (HLTH-2)`, async (owner, now) => {
    const reviewed = kind.pausable(owner);
    await markReviewed(database, reviewed, now);
    if (reviewed.kind === 'domain') await noteReviewed(database, reviewed, now);
  });
  const { check } = kind;
  if (check !== undefined) action('check', check.summary, (owner, now) => check.act(owner, now));
}

/** @throws Problem 409 when somebody has registered the same thing before */
async function registerOnce<Row>(field: string, creation: Promise<Row>): Promise<Row> {
  try {
    return await creation;
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new Problem('conflict', 'That is registered already.', [{ field, message: 'is registered already' }]);
  }
}
