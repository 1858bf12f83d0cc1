import type { InvitationRequest, LinkedInMessage, SendOutcome } from '../../../providers/ports';
import { unipileNetworker } from '../../../providers/unipile/client';
import { anywhere, localApi, type Answer } from '../local-api';
import { boundMs, down, itMeans, refusedBy, unknown, type Outcomes } from './misbehaving';

const to = { touchId: 't', accountId: 'seat-1', profileUrl: 'jane-doe' };
const invitation: InvitationRequest = { form: 'invitation', ...to, note: 'Hello Jane', look: false };
const message: LinkedInMessage = { form: 'message', ...to, text: 'Hello Jane' };
type Request = InvitationRequest | LinkedInMessage;

const sendsOf = (request: Request) => (baseUrl: string, permit: () => Promise<boolean>) => {
  const bounds = { lookupTimeoutMs: boundMs, inviteTimeoutMs: boundMs };
  return unipileNetworker({ baseUrl, apiKey: 'k', ...bounds }, anywhere()).send(request, permit);
};
const profileOf = ({ form }: Request): Answer => ({
  status: 200,
  json: { provider_id: 'ACo1', network_distance: form === 'message' ? 'FIRST_DEGREE' : 'SECOND_DEGREE' },
});

const rateLimited = { kind: 'rejected', retry: 'later', error: 'rate_limited' } as const;
const rests: SendOutcome = { kind: 'rejected', retry: 'rest', error: 'rate_limited', retryAfterSeconds: 17 };

/** Without a connection the look-up fails first, and of that nothing is unknown. */
const neverThere = {
  'refused connection': down('connection_refused'),
  'no such name': down('host_not_found'),
  'a certificate that nobody signed': down('tls_failed'),
  'no TLS behind https': down('tls_failed'),
  'resets after the request': down('connection_lost'),
  'silence before the answer': down('timed_out'),
  'silence inside the answer': down('timed_out'),
  'another protocol': down('no_http'),
};
const notUnipile = {
  '400 of 10 MB': down('not_the_provider'),
  '400 in HTML': down('not_the_provider'),
  '403 in HTML': down('not_the_provider'),
  '404 in HTML': down('not_the_provider'),
  '429': rateLimited,
  '429 with Retry-After': rests,
  '429 in HTML': rateLimited,
};
const atLookUp: Outcomes = {
  ...neverThere,
  ...notUnipile,
  'malformed JSON': down('lookup_http_200'),
  'HTML instead of JSON': down('lookup_http_200'),
  'an empty 200': down('lookup_http_200'),
  '200 with a list': down('lookup_http_200'),
  '200 of 10 MB': down('answer_too_long'),
  '302 to a login': down('lookup_http_302'),
  '408': down('lookup_http_408'),
  '500': down('lookup_http_500'),
  '502 in HTML': down('lookup_http_502'),
  '503 with Retry-After': down('lookup_http_503'),
  '504': down('lookup_http_504'),
};
const atSending: Outcomes = {
  ...neverThere,
  ...notUnipile,
  'malformed JSON': unknown('malformed_answer'),
  'HTML instead of JSON': unknown('malformed_answer'),
  'an empty 200': unknown('malformed_answer'),
  '200 with a list': unknown('malformed_answer'),
  '200 of 10 MB': unknown('answer_too_long'),
  '302 to a login': unknown('http_302'),
  '408': unknown('http_408'),
  '500': unknown('http_500'),
  '502 in HTML': unknown('http_502'),
  '503 with Retry-After': unknown('http_503'),
  '504': unknown('http_504'),
};

describe.each<[string, Request]>([
  ['an invitation', invitation],
  ['a message', message],
])('%s', (_name, request) => {
  const send = sendsOf(request);
  describe('whatever happens to the look-up', () => itMeans(atLookUp, { send }));
  describe('whatever happens to what is sent', () =>
    itMeans(atSending, { send, around: ({ method }) => (method === 'GET' ? profileOf(request) : undefined) }));

  describe("Unipile's own words", () => {
    const aDay = { kind: 'rejected', retry: 'rest', retryAfterSeconds: 86_400 };
    const about = { kind: 'rejected', retry: 'later', aboutTouch: true };
    test.each<[number, string, object]>([
      [401, 'disconnected_account', refusedBy('resource', 'disconnected_account')],
      [403, 'account_restricted', { kind: 'rejected', retry: 'rest', error: 'account_restricted' }],
      [422, 'already_invited_recently', { ...about, error: 'already_invited', network: 'invited' }],
      [422, 'already_connected', { ...about, error: 'already_connected', network: 'connected' }],
      [422, 'no_connection_with_recipient', { ...about, error: 'not_connected', network: 'strangers' }],
      [422, 'cannot_resend_yet', { ...aDay, error: 'cannot_resend_yet' }],
      [422, 'limit_exceeded', { ...aDay, error: 'limit_exceeded' }],
      [422, 'invalid_recipient', refusedBy('never', 'invalid_recipient')],
      [422, 'something_new', refusedBy('never', 'refused')],
    ])('%i errors/%s', async (status, type, expected) => {
      const refusal: Answer = { status, json: { status, type: `errors/${type}` } };
      const api = await localApi(({ method }) => (method === 'GET' ? profileOf(request) : refusal));
      expect(await send(api.url, () => Promise.resolve(true))).toEqual(expected);
      await api.close();
    });
  });
});
