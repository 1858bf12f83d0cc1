import type { HttpAnswer } from '../http-exchange';
import type { Outside } from '../outside';
import type { Permit } from '../ports';

export interface UnipileSettings {
  /** `https://{dsn}`, or a simulator's; without `/api/v1`. */
  baseUrl: string;
  apiKey: string;
  /** Bounds in milliseconds; together at most 20 s. */
  lookupTimeoutMs?: number;
  inviteTimeoutMs?: number;
}

/** Asks for one touch. A body that is a form travels as multipart; what the person would see needs a permit. */
export type Ask = (touchId: string, path: string, body?: object, permit?: Permit) => Promise<HttpAnswer>;

export const apiOf = ({ baseUrl }: UnipileSettings): string => `${baseUrl.replace(/\/$/, '')}/api/v1`;

/** Requests to one account at Unipile: a look has its own bound, whatever sends the other one. */
export function unipileAsks(settings: UnipileSettings, { exchange }: Pick<Outside, 'exchange'>): Ask {
  const { lookupTimeoutMs = 8_000, inviteTimeoutMs = 12_000 } = settings;
  return (touchId, path, body, permit) => {
    const isForm = body instanceof FormData;
    return exchange({
      method: body ? 'POST' : 'GET',
      url: `${apiOf(settings)}${path}`,
      headers: {
        'x-api-key': settings.apiKey,
        'x-touch-id': touchId,
        ...(body && !isForm ? { 'content-type': 'application/json' } : {}),
      },
      body: body && !isForm ? JSON.stringify(body) : body,
      timeoutMs: body ? inviteTimeoutMs : lookupTimeoutMs,
      ...(permit === undefined ? {} : { permit }),
    });
  };
}

/** How long after the permit of a touch's first request its second one may begin, in milliseconds: a look's bound. */
const secondWithinMs = 8_000;

/**
 * The permit of a touch that makes two requests which the person sees. The first one that leaves has it marked; the second
 * one goes with that mark, if it comes soon enough for both to end in time.
 */
export function permitForBoth(permit: Permit): Permit {
  let grantedAt: number | null = null;
  return async () => {
    if (grantedAt !== null) return performance.now() - grantedAt <= secondWithinMs;
    const granted = await permit();
    if (granted) grantedAt = performance.now();
    return granted;
  };
}
