import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Page } from '../../store/paging';
import { markReviewed, setPaused, type ResourceKind } from '../../store/senders/resources';
import { isTaken } from '../../store/unique';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { notFound, Problem } from '../problem';
import { answers, idParam, noBody } from '../schemas/basics';

/** How one kind of resource is read and shown. */
export interface Shown<Row, View> {
  kind: ResourceKind;
  /** What a person calls one of them. */
  noun: string;
  schema: z.ZodType<View>;
  read(clientId: string, id: string): Promise<Row | null>;
  views(clientId: string, rows: Row[]): Promise<View[]>;
}

/** @throws Problem 404 when the client has no such resource */
export async function showOne<Row, View>(shown: Shown<Row, View>, clientId: string, id: string): Promise<View> {
  const row = await shown.read(clientId, id);
  if (row === null) throw notFound(shown.noun);
  const [view] = await shown.views(clientId, [row]);
  if (view === undefined) throw notFound(shown.noun);
  return view;
}

export async function showPage<Row, View>(
  shown: Shown<Row, View>,
  clientId: string,
  page: Page<Row>,
): Promise<Page<View>> {
  return { rows: await shown.views(clientId, page.rows), next: page.next };
}

interface OneResource {
  Params: { id: string };
}

/** GET :id, and POST :id/pause, /resume, /reviewed, which are alike for every kind of resource. */
export function controlRoutes<Row, View>(
  api: FastifyInstance,
  { database, clock }: ApiDeps,
  shown: Shown<Row, View>,
): void {
  const path = `/v1/${shown.kind}/:id`;
  const schema = { tags: ['resources'], params: idParam, response: answers({ 200: shown.schema }) };
  const change = { config: { needs: 'write' }, schema: { ...schema, body: noBody } } as const;
  const pause = async (owner: { clientId: string; id: string }) =>
    setPaused(database, shown.kind, owner, { since: await clock.now(), reason: 'paused by the user' });

  api.get<OneResource>(path, { schema: { ...schema, summary: `One ${shown.noun}` } }, async (request) =>
    showOne(shown, clientOf(request), request.params.id),
  );

  const action = (
    name: string,
    summary: string,
    act: (owner: { clientId: string; id: string }) => Promise<boolean>,
  ): void => {
    api.post<OneResource>(`${path}/${name}`, { ...change, schema: { ...change.schema, summary } }, async (request) => {
      const owner = { clientId: clientOf(request), id: request.params.id };
      if (!(await act(owner))) throw notFound(shown.noun);
      return showOne(shown, owner.clientId, owner.id);
    });
  };
  action('pause', `Nothing more leaves from this ${shown.noun} until it is resumed`, pause);
  action('resume', `Let this ${shown.noun} send again (HLTH-2)`, (owner) =>
    setPaused(database, shown.kind, owner, null),
  );
  action('reviewed', `Mark the alerts about this ${shown.noun} as reviewed (HLTH-2)`, async (owner) =>
    markReviewed(database, shown.kind, owner, await clock.now()),
  );
}

/** @throws Problem 409 when somebody has registered the same thing before */
export async function registerOnce<Row>(field: string, creation: Promise<Row>): Promise<Row> {
  try {
    return await creation;
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new Problem('conflict', 'That is registered already.', [{ field, message: 'is registered already' }]);
  }
}
