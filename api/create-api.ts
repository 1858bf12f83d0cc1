import fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Api } from './api';
import { authenticate } from './caller';
import { handleErrors, noSuchPlace, sendProblem } from './error-handler';
import { replayAnswers } from './idempotency';
import { describeApi } from './openapi';
import type { ApiDeps } from './ports';
import { measureRequests } from './request-metrics';
import { apiKeyRoutes } from './routes/api-keys';
import { campaignImportRoute } from './routes/campaign-import';
import { campaignRoutes } from './routes/campaigns';
import { clientRoutes } from './routes/clients';
import { healthRoutes } from './routes/health';
import { leadImportRoute } from './routes/lead-import';
import { leadRoutes } from './routes/leads';
import { metricsRoutes } from './routes/metrics';
import { migrationRoutes } from './routes/migration';
import { mailboxImportRoutes } from './routes/mailbox-import';
import { resourceRoutes } from './routes/resources';
import { sourcingRoutes } from './routes/sourcing';
import { suppressionRoutes } from './routes/suppressions';
import { touchRoutes } from './routes/touches';
import { unsubscribeRoutes } from './routes/unsubscribe';
import { webhookRoutes } from './routes/webhooks';
import { validatorCompiler } from './validation';

/** The HTTP API. Nothing listens yet: `listen` it, or ask it through `inject`. */
export function createApi(deps: ApiDeps): FastifyInstance {
  const root = fastify({
    loggerInstance: deps.logger,
    // URLs hold unsubscribe tokens and webhook secrets, which no log may have (TRUTH-6).
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: (_error, request, reply) => void sendProblem(reply, noSuchPlace(request)),
  });
  root.setValidatorCompiler(validatorCompiler);
  root.setSerializerCompiler(serializerCompiler);
  acceptEmptyJson(root);
  handleErrors(root);
  measureRequests(root);
  void root.register(async (scope) => {
    const api: Api = scope.withTypeProvider<ZodTypeProvider>();
    await describeApi(api, deps.config.publicBaseUrl);
    healthRoutes(api, deps);
    await api.register(async (v1) => tenantRoutes(v1.withTypeProvider<ZodTypeProvider>(), deps));
    await api.register(async (outside) => webhookRoutes(outside.withTypeProvider<ZodTypeProvider>(), deps));
    await api.register(async (outside) => unsubscribeRoutes(outside.withTypeProvider<ZodTypeProvider>(), deps));
  });
  return root;
}

/** Everything under /v1 needs a key. */
async function tenantRoutes(api: Api, deps: ApiDeps): Promise<void> {
  authenticate(api, deps);
  replayAnswers(api, deps);
  clientRoutes(api, deps);
  apiKeyRoutes(api, deps);
  resourceRoutes(api, deps);
  mailboxImportRoutes(api, deps);
  campaignRoutes(api, deps);
  campaignImportRoute(api, deps);
  migrationRoutes(api, deps);
  leadRoutes(api, deps);
  touchRoutes(api, deps);
  sourcingRoutes(api, deps);
  suppressionRoutes(api, deps);
  metricsRoutes(api, deps);
  await api.register(async (scope) => leadImportRoute(scope.withTypeProvider<ZodTypeProvider>(), deps));
}

/** `POST …/pause` with a JSON content type and no body is no mistake. Plain text is: it would be read as a string. */
function acceptEmptyJson(root: FastifyInstance): void {
  const parse = root.getDefaultJsonParser('error', 'error');
  root.removeContentTypeParser(['application/json', 'text/plain']);
  root.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString();
    if (text.trim() === '') done(null, undefined);
    else void parse(request, text, done);
  });
}
