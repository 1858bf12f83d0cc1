import { stopSuppressed } from '../../store/leads/lead-control';
import { addSuppression, listSuppressions } from '../../store/leads/suppressions';
import type { Api } from '../api';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { answers, pageSchema, pageRequest, pageView, stillOnItsWay } from '../schemas/basics';
import {
  newSuppression,
  suppressedValue,
  suppression,
  suppressionQuery,
  suppressionView,
} from '../schemas/suppressions';
import { stopAndDrain } from '../stops';

export function suppressionRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock, config } = deps;
  const tags = ['suppressions'];

  api.post(
    '/v1/suppressions',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Never contact this address, domain, number or profile again (CTL-3)',
        description: 'Stops every sequence of the leads it is about. 200 when it was suppressed before.',
        body: newSuppression,
        response: answers({ 200: suppression, 201: suppression, ...stillOnItsWay }),
      },
    },
    async (request, reply) => {
      const { kind, value } = suppressedValue(request.body);
      const clientId = clientOf(request);
      const now = await clock.now();
      const about = { clientId, kind, value };
      const { created, row } = await stopAndDrain(deps, async () => {
        const { reason } = request.body;
        const asked = { ...about, keepValue: true, scope: 'all', reason, now } as const;
        const { created, ...row } = await addSuppression(database.sql, config.secretKey, asked);
        return { created, row, ...(await stopSuppressed(database, about, now)) };
      });
      return reply.code(created ? 201 : 200).send(suppressionView(row));
    },
  );

  api.get(
    '/v1/suppressions',
    {
      schema: {
        tags,
        summary: 'Suppressions',
        querystring: suppressionQuery,
        response: answers({ 200: pageSchema(suppression) }),
      },
    },
    async (request) => {
      const { kind } = request.query;
      const page = await listSuppressions(database, clientOf(request), pageRequest(request.query), kind);
      return pageView(page, suppressionView);
    },
  );
}
