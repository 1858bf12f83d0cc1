import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { forgetKey, reserveKey, storeAnswer } from '../store/tenants/idempotency';
import type { ApiDeps } from './ports';
import { Problem } from './problem';

declare module 'fastify' {
  interface FastifyRequest {
    /** The Idempotency-Key that this request holds until it is answered. */
    heldKey: { keyHolderId: string; key: string } | null;
  }
}

/** Operators share one space of keys. */
const operatorHolder = '00000000-0000-0000-0000-000000000000';

/**
 * A POST with an Idempotency-Key is done once: whoever repeats it within a day gets the first answer again. Only
 * successes are kept; anything else had no effect and may be tried again under the same key.
 */
export function replayAnswers(api: FastifyInstance, { database, clock, config }: ApiDeps): void {
  const seal = createSeal(config.secretKey);
  api.decorateRequest('heldKey', null);

  api.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === null) return;
    const keyHolderId = request.caller?.role === 'client' ? request.caller.clientId : operatorHolder;
    const requestHash = hashOf(request);
    const reservation = await reserveKey(database, { keyHolderId, key, requestHash, now: await clock.now() });
    switch (reservation.state) {
      case 'reserved':
        request.heldKey = { keyHolderId, key };
        return;
      case 'answered':
        return reply
          .code(reservation.answer.status)
          .header('idempotent-replayed', 'true')
          .type('application/json; charset=utf-8')
          .send(seal.open(reservation.answer.sealed));
      case 'busy':
        throw new Problem('conflict', 'A request with this Idempotency-Key is still being worked on. Try again soon.');
      case 'mismatch':
        throw new Problem('idempotency-key-reused', 'Use a new Idempotency-Key for a request with other contents.');
    }
  });

  api.addHook('onSend', async (request, reply, payload) => {
    const held = request.heldKey;
    if (held === null) return;
    request.heldKey = null;
    if (reply.statusCode < 300 && typeof payload === 'string') {
      await storeAnswer(database, held, { status: reply.statusCode, sealed: seal.close(payload) });
    } else {
      await forgetKey(database, held);
    }
  });
}

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined || request.method !== 'POST') return null;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  const message = 'must be 1 to 255 printable ASCII characters without spaces';
  throw new Problem('invalid-request', 'Not valid: Idempotency-Key.', [{ field: 'Idempotency-Key', message }]);
}

function hashOf(request: FastifyRequest): string {
  const body = Buffer.isBuffer(request.body) ? request.body : JSON.stringify(request.body ?? null);
  return createHash('sha256').update(`${request.method} ${request.url}\n`).update(body).digest('hex');
}

/** Stored answers may hold a key's secret or personal data, so they are encrypted (AES-256-GCM). */
function createSeal(secretKey: string): { close(text: string): string; open(sealed: string): string } {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'idempotency answers', 32));
  return {
    close(text) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), bytes]).toString('base64');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}
