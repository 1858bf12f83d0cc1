import { listUncertainTouches } from '../../store/touches/uncertain';
import type { Api } from '../api';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { answers, pageRequest, pageSchema, pageView } from '../schemas/basics';
import { touchQuery, uncertainTouch, uncertainView } from '../schemas/touches';

export function touchRoutes(api: Api, { database }: ApiDeps): void {
  api.get(
    '/v1/touches',
    {
      schema: {
        tags: ['touches'],
        summary: 'Touches of which nobody knows whether they were sent (TRUTH-1)',
        description:
          'They count as sent and are never sent again. Each is looked for at its provider, less and less often. What ' +
          'is known in the end stands in the timeline of the lead.',
        querystring: touchQuery,
        response: answers({ 200: pageSchema(uncertainTouch) }),
      },
    },
    async (request) => {
      const page = pageRequest(request.query);
      return pageView(await listUncertainTouches(database, clientOf(request), page, request.query), uncertainView);
    },
  );
}
