import { setTimeout as delay } from 'node:timers/promises';
import formbody from '@fastify/formbody';
import fastify, { type FastifyInstance } from 'fastify';
import { engineUrlSchema } from './config';
import { Unanswered } from './mischief';
import type { OpenProvider } from './provider';

export interface EngineAddress {
  baseUrl: string | null;
}

/** The providers' HTTP APIs, told apart by their paths, and the simulator's own control route. */
export async function createHttpApp(
  providers: readonly (OpenProvider & { name: string })[],
  engine: EngineAddress,
  latencyMs: number,
): Promise<FastifyInstance> {
  const app = fastify({ logger: false, bodyLimit: 4 * 1024 * 1024, forceCloseConnections: true });
  await app.register(formbody);
  if (latencyMs > 0) {
    app.addHook('onRequest', () => new Promise<void>((resolve) => setTimeout(resolve, latencyMs)));
  }
  app.setErrorHandler(async (error, request, reply) => {
    if (!(error instanceof Unanswered)) return reply.send(error);
    if (error.mischief === 'error') return reply.code(500).send('<html><body>Internal Server Error</body></html>');
    if (error.mischief === 'slow') await delay(error.slowSeconds * 1000);
    reply.hijack();
    request.raw.socket.resetAndDestroy();
    return reply;
  });
  app.post('/control/engine', (request, reply) => {
    const parsed = engineUrlSchema.safeParse(request.body);
    if (!parsed.success) return reply.code(400).send({ error: parsed.error.issues.map((issue) => issue.message) });
    engine.baseUrl = parsed.data.baseUrl;
    return reply.send(engine);
  });
  for (const { http, control, name } of providers) {
    if (http) await app.register(http.api, { prefix: http.prefix });
    if (control) await app.register(control, { prefix: `/control/${name}` });
  }
  return app;
}
