import { createHash } from 'node:crypto';
import { getTimezone } from 'countries-and-timezones';
import { DateTime, IANAZone } from 'luxon';
import { UserError } from '../user-error';
import type { ProviderChoice } from './provider-choice';
import { simulatedClient, simulatedSenders } from './simulated-senders';

export interface FirstClient {
  id: string;
  name: string;
  timezone: string;
  key: string;
}

interface Created {
  id: string;
  timezone: string;
  apiKey: { secret: string };
}

/**
 * Makes the first client through the API, in the simulated world with everything that it sends from.
 * @param setupId makes each request safe to repeat for a day: a start that crashed half way goes on where it was
 */
export async function createFirstClient(
  api: { url: string; operatorKey: string; setupId: string },
  providers: ProviderChoice['kind'],
  now: Date,
): Promise<FirstClient> {
  const name = 'First client';
  const place = placeOfMachine();
  const about = providers === 'simulated' ? simulatedClient : {};
  const post = <T>(key: string, route: string, body: unknown) => postOnce<T>(api, key, route, body);
  const client = await post<Created>(api.operatorKey, '/v1/clients', { name, tier: 'velocity', ...place, ...about });
  const key = client.apiKey.secret;
  if (providers === 'simulated') {
    const today = DateTime.fromJSDate(now, { zone: client.timezone });
    const warmupStartedAt = today.minus({ days: simulatedSenders.warmedForDays }).toISODate();
    await post(key, '/v1/domains', { name: simulatedSenders.domain, warmupStartedAt });
    for (const address of simulatedSenders.mailboxes) await post(key, '/v1/mailboxes', { address });
    await post(key, '/v1/phone-numbers', { number: simulatedSenders.phoneNumber, channels: ['voice', 'sms'] });
    await post(key, '/v1/linkedin-seats', simulatedSenders.seat);
  }
  return { id: client.id, name, timezone: client.timezone, key };
}

/** The machine's zone with its country; a machine that keeps UTC says nothing about where its people are. */
function placeOfMachine(): { timezone: string; country: string; region?: string } {
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const country = getTimezone(timezone)?.countries[0];
  const isKnown = timezone.includes('/') && IANAZone.isValidZone(timezone) && country !== undefined;
  if (isKnown && timezone !== 'Australia/Sydney') return { timezone, country };
  return { timezone: 'Australia/Sydney', country: 'AU', region: 'NSW' };
}

async function postOnce<T>(
  { url, setupId }: { url: string; setupId: string },
  key: string,
  route: string,
  body: unknown,
): Promise<T> {
  const content = JSON.stringify(body);
  const answer = await fetch(`${url}${route}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': createHash('sha256').update(`${setupId} ${route} ${content}`).digest('hex'),
    },
    body: content,
  });
  const json = (await answer.json().catch(() => ({}))) as T & { detail?: string };
  if (answer.ok) return json;
  throw new UserError(`The first client could not be made: POST ${route} → ${answer.status} ${json.detail ?? ''}`);
}
