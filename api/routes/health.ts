import { z } from 'zod';
import type { Api } from '../api';
import { isDatabaseThere } from '../../store/database';
import type { ApiDeps } from '../ports';

const readiness = z.object({
  ready: z.boolean(),
  database: z.boolean(),
  temporal: z.boolean(),
  /** By name. They do not count for `ready`: what waits for a provider is kept. */
  providers: z.record(z.string(), z.enum(['not configured', 'configured', 'answers', 'refuses', 'silent'])),
});

/** How long a dependency may take to show that it is there, in milliseconds. */
const patienceMs = 2000;

export function healthRoutes(api: Api, { database, workflows, providerStates }: ApiDeps): void {
  const tags = ['health'];
  const security: [] = [];

  api.get(
    '/healthz',
    {
      logLevel: 'warn',
      schema: { tags, security, summary: 'The process lives', response: { 200: z.object({ status: z.string() }) } },
    },
    () => ({ status: 'ok' }),
  );

  api.get(
    '/readyz',
    {
      logLevel: 'warn',
      schema: {
        tags,
        security,
        summary: 'Database and Temporal can be reached; and how the providers are',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const [databaseThere, temporalThere, providers] = await Promise.all([
        within(isDatabaseThere(database)),
        within(workflows.isHealthy()),
        providerStates(),
      ]);
      const ready = databaseThere && temporalThere;
      return reply.code(ready ? 200 : 503).send({ ready, database: databaseThere, temporal: temporalThere, providers });
    },
  );
}

async function within(check: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs);
  });
  try {
    return await Promise.race([check, late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
