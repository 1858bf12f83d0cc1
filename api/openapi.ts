import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Api } from './api';

const description = `Campaigns of Agency OS: the user says what to target; the system decides how, when and with which
words. Errors are RFC 9457 problem details. Lists take \`limit\` and \`cursor\`. A POST with an \`Idempotency-Key\` is
done once. Instants are ISO 8601 in UTC. Unknown fields are refused.`;

/** OpenAPI 3.1 at /openapi.json, made from the routes' own schemas, and a page to try it at /docs. */
export async function describeApi(api: Api, publicBaseUrl: string): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Agency OS distribution engine', version: '1', description },
      servers: [{ url: publicBaseUrl }],
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
      security: [{ apiKey: [] }],
    },
    transform: (document) => describeCsv(jsonSchemaTransform(document)),
    transformObject: jsonSchemaTransformObject,
  });
  await api.register(swaggerUi, { routePrefix: '/docs' });
  api.get('/openapi.json', { schema: { hide: true } }, () => api.swagger());
}

type Described = ReturnType<typeof jsonSchemaTransform>;

/** Where a CSV is taken beside JSON, says so: the schema describes the JSON. */
function describeCsv({ schema, url }: Described): Described {
  if (schema?.consumes?.includes('text/csv') !== true) return { schema, url };
  const content = { 'text/csv': { schema: { type: 'string' } }, 'application/json': { schema: schema.body } };
  return { schema: { ...schema, body: { content } }, url };
}
