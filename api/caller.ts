import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findApiKey, hashSecret, noteKeyUse } from '../store/tenants/api-keys';
import type { ApiDeps } from './ports';
import { Problem } from './problem';

/** read: every GET. write: everything that changes campaigns, leads and resources. admin: API keys, client's data. */
export const scopes = ['read', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Who asks. The tenant comes from the key, never from the request. */
export type Caller = { role: 'operator' } | { role: 'client'; clientId: string; scopes: readonly string[] };

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** What the key must be allowed to do; an operator's route takes no client's key and the other way round. */
    needs?: Scope | 'operator';
  }
}

/** Lets nobody into this scope's routes without a key that may do what the route does. */
export function authenticate(api: FastifyInstance, deps: ApiDeps): void {
  api.decorateRequest('caller', null);
  api.addHook('onRequest', async (request) => {
    const caller = await callerOf(request, deps);
    const needs = request.routeOptions.config.needs ?? 'read';
    if (needs === 'operator' ? caller.role !== 'operator' : caller.role === 'operator') {
      throw new Problem('forbidden', `This route takes ${needs === 'operator' ? "an operator's" : "a client's"} key.`);
    }
    if (caller.role === 'client' && !caller.scopes.includes(needs)) {
      throw new Problem('forbidden', `This key lacks the scope "${needs}".`);
    }
    request.caller = caller;
  });
}

/** The client whose key this is. */
export function clientOf(request: FastifyRequest): string {
  if (request.caller?.role !== 'client') throw new Problem('forbidden', "This route takes a client's key.");
  return request.caller.clientId;
}

async function callerOf(request: FastifyRequest, { database, clock, config }: ApiDeps): Promise<Caller> {
  const secret = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (secret === undefined) throw unauthenticated('Send "Authorization: Bearer <key>".');
  if (config.operatorApiKey && sameSecret(secret, config.operatorApiKey)) return { role: 'operator' };
  const now = await clock.now();
  const key = await findApiKey(database, secret, now);
  if (key === null) throw unauthenticated('The key is unknown, revoked or expired.');
  await noteKeyUse(database, key, now);
  return key.clientId === null ? { role: 'operator' } : { role: 'client', clientId: key.clientId, scopes: key.scopes };
}

const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(hashSecret(a)), Buffer.from(hashSecret(b)));

const unauthenticated = (detail: string): Problem =>
  new Problem('unauthenticated', detail, [], { 'www-authenticate': 'Bearer' });
