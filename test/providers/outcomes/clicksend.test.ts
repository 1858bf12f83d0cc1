import { clickSendSender } from '../../../providers/clicksend/client';
import { anywhere, localApi } from '../local-api';
import { boundMs, down, itMeans, later, refusedBy, unknown, type Outcomes } from './misbehaving';

const request = { touchId: 't', from: '+61255501234', to: '+61491570156', text: 'Hello', country: 'AU' };
const send = (baseUrl: string, permit: () => Promise<boolean>) =>
  clickSendSender({ baseUrl, username: 'u', apiKey: 'k', timeoutMs: boundMs }, anywhere()).send(request, permit);

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
  '429': later('rate_limited'),
  '429 with Retry-After': { kind: 'rejected', retry: 'later', error: 'rate_limited', retryAfterSeconds: 17 },
  '429 in HTML': later('rate_limited'),
  '500': unknown('http_500'),
  '502 in HTML': unknown('http_502'),
  '503 with Retry-After': unknown('http_503'),
  '504': unknown('http_504'),
};

describe('whatever happens on the way', () => itMeans(outcomes, { send }));

describe("ClickSend's own words", () => {
  test.each<[number, string, object]>([
    [200, 'SUCCESS', { kind: 'accepted', reference: 'M-1' }],
    [200, 'INVALID_RECIPIENT', refusedBy('never', 'invalid_recipient')],
    [200, 'COUNTRY_NOT_ENABLED', refusedBy('never', 'country_not_enabled')],
    [200, 'INSUFFICIENT_CREDIT', refusedBy('resource', 'insufficient_credit')],
    [200, 'INVALID_SENDER_ID', refusedBy('resource', 'invalid_sender_id')],
    [200, 'THROTTLED', later('throttled')],
    [200, 'Something <new>', refusedBy('never', 'refused')],
    [400, '', refusedBy('never', 'refused')],
    [401, '', refusedBy('resource', 'authentication_failed')],
    [403, '', refusedBy('resource', 'authentication_failed')],
    [404, '', refusedBy('resource', 'authentication_failed')],
  ])('%i %s', async (status, word, expected) => {
    const messages = word === '' ? [] : [{ message_id: 'M-1', status: word }];
    const api = await localApi(() => ({ status, json: { http_code: status, data: { messages } } }));
    expect(await send(api.url, () => Promise.resolve(true))).toEqual(expected);
    await api.close();
  });
});
