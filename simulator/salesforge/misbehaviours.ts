import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';

/** Requests whose path ends so are answered so, that many times. */
export const misbehaviourSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH']),
  /** The end of the path. */
  path: z.string().min(1),
  /** reset: the connection dies; before or after the request was acted upon. */
  answer: z.union([z.literal('reset'), z.int().min(100).max(599)]),
  when: z.enum(['before', 'after']).default('before'),
  body: z.string().default('{"message":"told to"}'),
  headers: z.record(z.string(), z.string()).default({}),
  times: z.int().min(1).default(1),
});

export type Misbehaviour = z.output<typeof misbehaviourSchema>;

export interface Misbehaviours {
  add(one: Misbehaviour): void;
  /** The one that this request meets now; it is counted. */
  take(request: { method: string; path: string; when: 'before' | 'after' }): Misbehaviour | null;
}

export function createMisbehaviours(): Misbehaviours {
  const told: Misbehaviour[] = [];
  return {
    add: (one) => void told.push({ ...one }),
    take({ method, path, when }) {
      const found = told.find(
        (one) => one.times > 0 && one.method === method && one.when === when && path.endsWith(one.path),
      );
      if (found === undefined) return null;
      found.times -= 1;
      return found;
    },
  };
}

/** POST /control/salesforge/misbehave: the next requests of a kind are answered as told. */
export function misbehaviourControl(misbehaviours: Misbehaviours): FastifyPluginAsync {
  return (app) => {
    app.post('/misbehave', (request, reply) => {
      const parsed = misbehaviourSchema.safeParse(request.body);
      if (!parsed.success) return reply.code(400).send({ error: parsed.error.issues.map((issue) => issue.message) });
      misbehaviours.add(parsed.data);
      return reply.send(parsed.data);
    });
    return Promise.resolve();
  };
}
