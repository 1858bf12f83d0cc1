import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { tableNames, type TableName } from '../../domain/metrics/tables';
import { readDomain } from '../../store/senders/domains';
import { readMetrics, type MetricsQuery } from '../../store/reports/read-metrics';
import type { Api } from '../api';
import { clientOf } from '../caller';
import { metricsCsv } from '../metrics-csv';
import type { ApiDeps } from '../ports';
import { notFound, Problem } from '../problem';
import { answers, idParam } from '../schemas/basics';
import {
  campaignMetricsQuery,
  clientMetricsQuery,
  metricsAnswer,
  metricsView,
  type AskedMetrics,
} from '../schemas/metrics';
import { existingCampaign } from './campaigns';

const description = `Exact counts with rates and 95 % intervals (Wilson). A rate of null is not measured, which is no zero
(HLTH-4). Each table has a verdict. One table as CSV: \`Accept: text/csv\` or \`format=csv\`, with \`table\`.`;

const response = answers({
  200: {
    description: 'The four tables; or one of them as CSV',
    content: { 'application/json': { schema: metricsAnswer }, 'text/csv': { schema: z.string() } },
  },
});

export function metricsRoutes(api: Api, deps: ApiDeps): void {
  const tags = ['metrics'];

  api.get(
    '/v1/metrics',
    {
      schema: {
        tags,
        summary: 'The four tables of MET for the client',
        description,
        querystring: clientMetricsQuery,
        response,
      },
    },
    async (request, reply) => answer(deps, request, reply, request.query),
  );

  api.get(
    '/v1/campaigns/:id/metrics',
    {
      schema: {
        tags,
        summary: 'The four tables of MET for a campaign',
        description,
        params: idParam,
        querystring: campaignMetricsQuery,
        response,
      },
    },
    async (request, reply) =>
      answer(deps, request, reply, Object.assign({ campaignId: request.params.id }, request.query)),
  );
}

/** @throws Problem 404 for a campaign or domain that is not the caller's, 400 for a CSV of no table */
async function answer(deps: ApiDeps, request: FastifyRequest, reply: FastifyReply, asked: AskedMetrics) {
  const table = tableAsked(request, asked);
  const query = queryOf(clientOf(request), asked);
  await checkOwnership(deps, query);
  const found = await readMetrics(deps.database, query, await deps.clock.now());
  if (table === null) return metricsView(found);
  return reply.type('text/csv; charset=utf-8').send(metricsCsv(found, table, query.cohort !== null));
}

/** @returns the table that is wanted as CSV; null: JSON */
function tableAsked(request: FastifyRequest, { format, table }: AskedMetrics): TableName | null {
  const isCsv = format === 'csv' || (format === undefined && prefersCsv(request));
  const badTable = (message: string): Problem =>
    new Problem('invalid-request', 'Not valid: table.', [{ field: 'table', message }]);
  if (!isCsv && table !== undefined) throw badTable('is for CSV alone: send Accept: text/csv or format=csv as well');
  if (isCsv && table === undefined) throw badTable(`is required for CSV: one of ${tableNames.join(', ')}`);
  return table ?? null;
}

/** The first of the two that Accept names; whoever names neither gets JSON. */
function prefersCsv(request: FastifyRequest): boolean {
  const types = (request.headers.accept ?? '').split(',').map((type) => type.split(';')[0]?.trim().toLowerCase());
  return types.find((type) => type === 'text/csv' || type === 'application/json') === 'text/csv';
}

const queryOf = (clientId: string, { campaignId, domainId, from, to, cohort }: AskedMetrics): MetricsQuery => ({
  clientId,
  campaignId: campaignId ?? null,
  domainId: domainId ?? null,
  from: from ?? null,
  to: to ?? null,
  cohort: cohort ?? null,
});

async function checkOwnership({ database }: ApiDeps, { clientId, campaignId, domainId }: MetricsQuery): Promise<void> {
  if (campaignId !== null) await existingCampaign(database, clientId, campaignId);
  if (domainId !== null && (await readDomain(database, { clientId, id: domainId })) === null) throw notFound('domain');
}
