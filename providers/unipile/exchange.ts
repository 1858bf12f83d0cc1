import type { HttpAnswer } from '../http-exchange';
import type { Outside } from '../outside';

export interface UnipileSettings {
  /** `https://{dsn}`, or a simulator's; without `/api/v1`. */
  baseUrl: string;
  apiKey: string;
  /** Bounds in milliseconds; together at most 20 s. */
  lookupTimeoutMs?: number;
  inviteTimeoutMs?: number;
}

/** Asks for one touch. A body that is a form travels as multipart. */
export type Ask = (touchId: string, path: string, body?: object) => Promise<HttpAnswer>;

export const apiOf = ({ baseUrl }: UnipileSettings): string => `${baseUrl.replace(/\/$/, '')}/api/v1`;

/** Requests to one account at Unipile: a look has its own bound, whatever sends the other one. */
export function unipileAsks(settings: UnipileSettings, { exchange }: Pick<Outside, 'exchange'>): Ask {
  const { lookupTimeoutMs = 8_000, inviteTimeoutMs = 12_000 } = settings;
  return (touchId, path, body) => {
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
    });
  };
}
