import { createHmac } from 'node:crypto';
import { salesforgeEvents } from '../../providers/salesforge/webhook';
import { WebhookRefused } from '../../providers/webhook';

const touchId = '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11';
const receivedAt = new Date('2026-03-03T02:00:00Z');

/** As documented (2023 sample). */
const payload = (type: string, email: object = {}, rest: object = {}) => ({
  webhookInfo: { id: 'wh_subscription', eventTime: '2026-03-03T01:00:00Z', type },
  sequenceEmail: {
    emailId: `${touchId}@growth.example`,
    fromEmail: 'anna@growth.example',
    toEmail: 'jane@acme.example',
    subject: 'Re: Crew rosters',
    content: 'Thanks, tell me more.',
    ...email,
  },
  contact: { id: 'ct_1', email: 'Jane@acme.example', firstName: 'Jane' },
  sequence: { id: 'seq_1' },
  mailbox: { id: 'mb_1', email: 'anna@growth.example' },
  ...rest,
});
const request = (body: unknown, change: object = {}) => ({
  secret: 'path-secret',
  headers: {},
  rawBody: typeof body === 'string' ? body : JSON.stringify(body),
  receivedAt,
  ...change,
});
const only = (body: unknown) => {
  const [event, ...more] = salesforgeEvents(request(body), { secret: 'path-secret' });
  expect(more).toHaveLength(0);
  return event!;
};

it('reads a reply', () => {
  expect(only(payload('email_replied'))).toMatchObject({
    provider: 'salesforge',
    kind: 'reply',
    touchId,
    reference: `${touchId}@growth.example`,
    person: { email: 'jane@acme.example' },
    resource: { mailbox: 'anna@growth.example' },
    occurredAt: new Date('2026-03-03T01:00:00Z'),
  });
});

it.each([
  ['email_bounced', {}, 'hardBounce'],
  ['email_bounced', { bounceType: 'soft' }, 'softBounce'],
  ['email_opened', {}, 'opened'],
  ['contact_unsubscribed', {}, 'unsubscribe'],
  ['dnc_added', {}, 'unsubscribe'],
  ['positive_reply', {}, 'reply'],
  ['negative_reply', {}, 'reply'],
  ['email_replied', { content: 'Unsubscribe please' }, 'unsubscribe'],
  ['email_sent', {}, 'sent'],
  ['label_changed', {}, 'unknown'],
])('%s %j is %s', (type, email, kind) => {
  expect(only(payload(type, email)).kind).toBe(kind);
});

it('an automatic reply holds until the stated date (SEQ-3)', () => {
  const content = '<p>I am out of the office, back on 16 March 2026.</p>';
  expect(only(payload('email_replied', { content }))).toMatchObject({ kind: 'autoReply', returnDate: '2026-03-16' });
  const undated = only(payload('email_replied', { subject: 'Automatic reply: Crew rosters', content: 'Thank you.' }));
  expect(undated).toMatchObject({ kind: 'autoReply', returnDate: null });
});

it('has the same id on a re-delivery and another one for another event', () => {
  const id = only(payload('email_replied')).providerEventId;
  expect(only(payload('email_replied')).providerEventId).toBe(id);
  expect(only(payload('email_opened')).providerEventId).not.toBe(id);
  const other = { ...payload('email_replied'), contact: { id: 'ct_2', email: 'joe@acme.example' } };
  expect(only(other).providerEventId).not.toBe(id);
});

it('is lenient about what is missing, strict about what it cannot read', () => {
  expect(only({ webhookInfo: { type: 'email_opened' } })).toMatchObject({
    touchId: null,
    person: null,
    occurredAt: receivedAt,
  });
  expect(only(payload('email_replied', { emailId: 'someone-else@mx.example' }))).toMatchObject({
    touchId: null,
    reference: 'someone-else@mx.example',
  });
  for (const body of ['not json', '[]', '{}']) {
    expect(() => only(body)).toThrow(expect.objectContaining({ name: 'WebhookRefused', status: 400 }));
  }
});

it('keeps nothing that the database would refuse', () => {
  const event = only(payload('email_replied', { content: 'a\u0000b\ud800c \\u0000 😀' }));
  expect(JSON.stringify(event)).not.toMatch(/[^\\]\\u0000|\\ud800/);
  expect(event.payload).toMatchObject({ sequenceEmail: { content: 'a\ufffdb\ufffdc \\u0000 😀' } });
});

describe('authentication', () => {
  const body = JSON.stringify(payload('email_opened'));
  const read = (change: object, settings: object = {}) =>
    salesforgeEvents(request(body, change), { secret: 'path-secret', ...settings });

  it.each(['wrong', '', 'path-secret-and-more'])('a wrong secret (%s) is 401', (secret) => {
    expect(() => read({ secret })).toThrow(WebhookRefused);
    expect(() => read({ secret })).toThrow(expect.objectContaining({ status: 401 }));
  });
  it('no configured secret lets nobody in', () => {
    expect(() => read({ secret: '' }, { secret: '' })).toThrow(expect.objectContaining({ status: 401 }));
  });
  it('checks the signature when a signing secret is set', () => {
    const at = Math.floor(receivedAt.getTime() / 1000);
    const signed = (secret: string, t = at, id = 'wh_1') => ({
      'x-salesforgeai-webhook-event-id': id,
      'x-salesforgeai-webhook-signature': `t=${t},v1=${createHmac('sha256', secret).update(`wh_1.${t}.${body}`).digest('hex')}`,
    });
    const settings = { signingSecret: 'whsec_one, whsec_two' };
    expect(read({ headers: signed('whsec_one') }, settings)).toHaveLength(1);
    expect(read({ headers: signed('whsec_two') }, settings)).toHaveLength(1);
    for (const headers of [
      {},
      signed('whsec_three'),
      signed('whsec_one', at - 301),
      signed('whsec_one', at, 'wh_2'),
      { ...signed('whsec_one'), 'x-salesforgeai-webhook-signature': `t=${at}` },
    ]) {
      expect(() => read({ headers }, settings)).toThrow(expect.objectContaining({ status: 401 }));
    }
  });
  it('agrees with the published example', () => {
    const secret = `whsec_${Buffer.from(Array.from({ length: 32 }, (_, n) => n))
      .toString('base64')
      .replace(/=+$/, '')}`;
    const headers = {
      'x-salesforgeai-webhook-event-id': 'wh_0123456789abcdef',
      'x-salesforgeai-webhook-signature':
        't=1754563200,v1=d35d432699cc9e59eb73da4396b9a3a96003ba6a9ae259256d270ff3c8f24207',
    };
    const change = {
      headers,
      rawBody: '{"webhookInfo":{"type":"email_sent"}}',
      receivedAt: new Date(1_754_563_200_000),
    };
    expect(read(change, { signingSecret: secret })).toHaveLength(1);
    expect(() =>
      read({ ...change, rawBody: '{"webhookInfo":{"type":"email_seen"}}' }, { signingSecret: secret }),
    ).toThrow(expect.objectContaining({ status: 401 }));
  });
});
