import { refreshSequences } from '../../store/campaigns/campaigns';
import { createSeat, listSeats, readSeat, updateSeat, type SeatRecord } from '../../store/senders/linkedin-seats';
import type { Api } from '../api';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { seatViews } from '../resource-views';
import { answers, idParam, pageOf, pageQuery, pageRequest, pageView } from '../schemas/basics';
import { newSeat, seat, seatChanges } from '../schemas/resources';
import { controlRoutes, registerOnce, showOne, showPage, type Shown } from './resource-controls';

export function linkedInSeatRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock } = deps;
  const tags = ['resources'];
  const shown = {
    kind: 'linkedin-seats',
    noun: 'LinkedIn seat',
    schema: seat,
    read: (clientId: string, id: string) => readSeat(database, clientId, id),
    views: (clientId: string, rows: SeatRecord[]) => seatViews(deps, clientId, rows),
  } satisfies Shown<SeatRecord, unknown>;

  api.post(
    '/v1/linkedin-seats',
    {
      config: { needs: 'write' },
      schema: { tags, summary: 'Register a LinkedIn seat', body: newSeat, response: answers({ 201: seat }) },
    },
    async (request, reply) => {
      const clientId = clientOf(request);
      const now = await clock.now();
      const row = await registerOnce('accountId', createSeat(database, { clientId, ...request.body, now }));
      await refreshSequences(database, clientId);
      return reply.code(201).send(await showOne(shown, clientId, row.id));
    },
  );

  api.get(
    '/v1/linkedin-seats',
    { schema: { tags, summary: 'LinkedIn seats', querystring: pageQuery, response: answers({ 200: pageOf(seat) }) } },
    async (request) => {
      const clientId = clientOf(request);
      const page = await listSeats(database, clientId, pageRequest(request.query));
      return pageView(await showPage(shown, clientId, page), (view) => view);
    },
  );

  api.patch(
    '/v1/linkedin-seats/:id',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Rename a seat',
        params: idParam,
        body: seatChanges,
        response: answers({ 200: seat }),
      },
    },
    async (request) => {
      const owner = { clientId: clientOf(request), id: request.params.id };
      await updateSeat(database, owner, request.body);
      return showOne(shown, owner.clientId, owner.id);
    },
  );

  controlRoutes(api, deps, shown);
}
