import { twilioCaller } from '../../../providers/twilio/client';
import { anywhere, localApi } from '../local-api';
import { boundMs, down, itMeans, refusedBy, unknown, type Outcomes } from './misbehaving';

const request = { touchId: 't', from: '+61255501234', to: '+61491570156', timeLimitSeconds: 120, ringSeconds: 25 };
const send = (baseUrl: string, permit: () => Promise<boolean>) =>
  twilioCaller({ baseUrl, accountSid: 'AC0', authToken: 'a', timeoutMs: boundMs }, anywhere()).send(request, permit);

const rateLimited = { kind: 'rejected', retry: 'later', error: 'rate_limited' } as const;
const outcomes: Outcomes = {
  'refused connection': down('connection_refused'),
  'no such name': down('host_not_found'),
  'a certificate that nobody signed': down('tls_failed'),
  'no TLS behind https': down('tls_failed'),
  'resets after the request': unknown('connection_lost'),
  'silence before the answer': unknown('timed_out'),
  'silence inside the answer': unknown('timed_out'),
  'another protocol': unknown('no_http'),
  'malformed JSON': unknown('malformed_answer'),
  'HTML instead of JSON': unknown('malformed_answer'),
  'an empty 200': unknown('malformed_answer'),
  '200 with a list': unknown('malformed_answer'),
  '200 of 10 MB': unknown('answer_too_long'),
  '400 of 10 MB': down('not_the_provider'),
  '400 in HTML': down('not_the_provider'),
  '403 in HTML': down('not_the_provider'),
  '404 in HTML': down('not_the_provider'),
  '302 to a login': unknown('http_302'),
  '408': unknown('http_408'),
  '429': rateLimited,
  '429 with Retry-After': { ...rateLimited, retryAfterSeconds: 17 },
  '429 in HTML': rateLimited,
  '500': unknown('http_500'),
  '502 in HTML': unknown('http_502'),
  '503 with Retry-After': unknown('http_503'),
  '504': unknown('http_504'),
};

describe('whatever happens on the way', () => itMeans(outcomes, { send }));

describe("Twilio's own words", () => {
  test.each<[number, number, object]>([
    [429, 20429, rateLimited],
    [400, 21211, refusedBy('never', 'invalid_recipient')],
    [400, 21610, refusedBy('never', 'recipient_unsubscribed')],
    [400, 21216, refusedBy('never', 'recipient_blocked')],
    [400, 21210, refusedBy('resource', 'number_not_verified')],
    [401, 20003, refusedBy('resource', 'authentication_failed')],
    [404, 20404, refusedBy('resource', 'authentication_failed')],
    [400, 99999, refusedBy('never', 'refused')],
  ])('%i %i', async (status, code, expected) => {
    const api = await localApi(() => ({ status, json: { code, status, message: 'no' } }));
    expect(await send(api.url, () => Promise.resolve(true))).toEqual(expected);
    await api.close();
  });
});
