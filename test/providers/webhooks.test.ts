import twilio from 'twilio';
import { clickSendInboundEvents, clickSendReceiptEvents } from '../../providers/clicksend/webhook';
import { callScript, hangUp } from '../../providers/twilio/twiml';
import {
  twilioGatherEvents,
  twilioInboundEvents,
  twilioStatusEvents,
  verifyTwilio,
} from '../../providers/twilio/webhook';
import { unipileEvents } from '../../providers/unipile/webhook';

const touchId = '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11';
const receivedAt = new Date('2026-03-03T02:00:00Z');
const refusedWith = (status: number) => expect.objectContaining({ name: 'WebhookRefused', status });

describe('Twilio', () => {
  const base = {
    CallSid: 'CA1',
    AccountSid: 'AC1',
    From: '+61255501234',
    To: '+61491570156',
    Direction: 'outbound-api',
  };
  const signed = (path: string, params: Record<string, string>, token = 'a-token') => {
    const url = `https://engine.example/webhooks/twilio/voice/${path}`;
    const signature = twilio.getExpectedTwilioSignature(token, url, params);
    return { headers: { 'x-twilio-signature': signature }, url, params, receivedAt };
  };

  it.each(['completed', 'busy', 'no-answer', 'failed', 'canceled'])('%s ends the call', (CallStatus) => {
    const params = {
      ...base,
      CallStatus,
      CallDuration: '42',
      AnsweredBy: 'human',
      Timestamp: 'Tue, 03 Mar 2026 01:00:00 +0000',
    };
    expect(twilioStatusEvents(signed(`status?touchId=${touchId}`, params), 'a-token')).toEqual([
      {
        provider: 'twilio',
        providerEventId: `CA1:${CallStatus}`,
        kind: 'callCompleted',
        occurredAt: new Date('2026-03-03T01:00:00Z'),
        touchId,
        reference: 'CA1',
        person: { phone: '+61491570156' },
        resource: { number: '+61255501234' },
        facts: { callStatus: CallStatus, duration: 42, answeredBy: 'human' },
        provesSending: true,
        payload: params,
      },
    ]);
  });
  it.each(['initiated', 'ringing', 'in-progress'])(
    '%s only tells that the call exists, and so that it was placed',
    (CallStatus) => {
      const [event] = twilioStatusEvents(signed(`status?touchId=${touchId}`, { ...base, CallStatus }), 'a-token');
      expect(event).toMatchObject({
        kind: 'unknown',
        touchId,
        reference: 'CA1',
        occurredAt: receivedAt,
        provesSending: true,
      });
    },
  );
  it.each([
    ['1', 'reply'],
    ['9', 'unsubscribe'],
    ['5', 'unknown'],
  ])('key %s is %s', (Digits, kind) => {
    const [event] = twilioGatherEvents(signed(`gather?touchId=${touchId}`, { ...base, Digits }), 'a-token');
    expect(event).toMatchObject({
      kind,
      touchId,
      providerEventId: `CA1:gather:${Digits}`,
      person: { phone: '+61491570156' },
    });
  });
  it('somebody who calls back replies', () => {
    const params = {
      CallSid: 'CA2',
      From: '+61491570156',
      To: '+61255501234',
      Direction: 'inbound',
      CallStatus: 'ringing',
    };
    const [event] = twilioInboundEvents(signed('inbound', params), 'a-token');
    expect(event).toMatchObject({
      kind: 'reply',
      touchId: null,
      person: { phone: '+61491570156' },
      resource: { number: '+61255501234' },
    });
  });
  it('refuses what is not signed for this URL, these fields and this account', () => {
    const good = signed(`status?touchId=${touchId}`, { ...base, CallStatus: 'completed' });
    expect(() => verifyTwilio(good, 'a-token')).not.toThrow();
    const other = '11111111-5a52-4c3e-9d0a-6f3b1f2f4a11';
    for (const bad of [
      { ...good, headers: {} },
      { ...good, headers: { 'x-twilio-signature': 'nonsense' } },
      { ...good, url: good.url.replace(touchId, other) },
      { ...good, params: { ...good.params, CallStatus: 'failed' } },
      signed('status', good.params, 'another-token'),
    ]) {
      expect(() => twilioStatusEvents(bad, 'a-token')).toThrow(refusedWith(401));
    }
  });
  it('a signed request without a call makes no sense', () => {
    expect(() => twilioStatusEvents(signed('status', {}), 'a-token')).toThrow(refusedWith(400));
  });
  it('a touch id that is none is nobody’s', () => {
    const [event] = twilioStatusEvents(signed("status?touchId=1'--", { ...base, CallStatus: 'completed' }), 'a-token');
    expect(event?.touchId).toBeNull();
  });
  it('speaks the script as text, takes one key, then hangs up', () => {
    const xml = callScript(
      'Hello <Jane> & "team"',
      `https://engine.example/webhooks/twilio/voice/gather?touchId=${touchId}`,
    );
    expect(xml).toMatch(/<Gather [^>]*action="https:\/\/engine\.example\/webhooks\/twilio\/voice\/gather\?touchId=/);
    expect(xml).toContain('numDigits="1"');
    expect(xml).toContain('<Say>Hello &lt;Jane&gt; &amp; "team"</Say>');
    expect(xml).toMatch(/press 1.*press 9/);
    expect(xml).toMatch(/<\/Gather><Hangup\/><\/Response>$/);
    expect(hangUp()).toMatch(/<Response><Hangup\/><\/Response>$/);
  });
});

describe('Unipile', () => {
  const read = (body: unknown, headers: object = { 'x-webhook-secret': 'a-secret' }, at = receivedAt) =>
    unipileEvents({ headers: { ...headers }, rawBody: JSON.stringify(body), receivedAt: at }, 'a-secret');
  /** As documented. */
  const message = {
    account_id: 'seat-1',
    account_type: 'LINKEDIN',
    account_info: { type: 'LINKEDIN', feature: 'classic', user_id: 'ACoOwn' },
    event: 'message_received',
    chat_id: 'chat-1',
    timestamp: '2026-03-03T01:00:00.000Z',
    message_id: 'm-1',
    message: 'Hello',
    sender: {
      attendee_id: 'at-1',
      attendee_name: 'Jane Doe',
      attendee_provider_id: 'ACoJane',
      attendee_profile_url: 'https://www.linkedin.com/in/ACoJane/',
    },
  };
  const relation = {
    event: 'new_relation',
    account_id: 'seat-1',
    account_type: 'LINKEDIN',
    user_full_name: 'Jane Doe',
    user_provider_id: 'ACoJane',
    user_public_identifier: 'jane-doe',
    user_profile_url: 'https://www.linkedin.com/in/jane-doe/',
  };

  it('a message may be a wish to be left alone (SEQ-5)', () => {
    expect(read({ ...message, message: 'Please stop contacting me.' })).toMatchObject([{ kind: 'unsubscribe' }]);
  });
  it('a message is a reply', () => {
    expect(read(message)).toEqual([
      {
        provider: 'unipile',
        providerEventId: 'message:m-1',
        kind: 'reply',
        occurredAt: new Date('2026-03-03T01:00:00Z'),
        touchId: null,
        reference: 'seat-1:ACoJane',
        person: { linkedinUrl: 'https://www.linkedin.com/in/ACoJane/' },
        resource: { accountId: 'seat-1' },
        payload: message,
      },
    ]);
  });
  it.each([
    ['by the account’s own id', { sender: { ...message.sender, attendee_provider_id: 'ACoOwn' } }],
    ['by is_sender', { is_sender: true }],
  ])('our own message is no event: %s', (_name, change) => {
    expect(read({ ...message, ...change })).toEqual([]);
  });
  it('a new relation is an accepted invitation, not a reply', () => {
    const [event] = read(relation);
    expect(event).toMatchObject({
      kind: 'inviteAccepted',
      providerEventId: 'relation:seat-1:ACoJane',
      reference: 'seat-1:ACoJane',
      person: { linkedinUrl: 'https://www.linkedin.com/in/jane-doe/' },
    });
    expect(read(relation, undefined, new Date('2026-03-03T09:00:00Z'))[0]?.providerEventId).toBe(
      event?.providerEventId,
    );
  });
  it.each([
    ['CREDENTIALS', 'seatDisconnected'],
    ['ERROR', 'seatDisconnected'],
    ['STOPPED', 'seatDisconnected'],
    ['OK', 'seatReconnected'],
    ['RECONNECTED', 'seatReconnected'],
    ['CONNECTING', 'unknown'],
  ])('account status %s is %s', (word, kind) => {
    const [event] = read({ AccountStatus: { account_id: 'seat-1', account_type: 'LINKEDIN', message: word } });
    expect(event).toMatchObject({ kind, resource: { accountId: 'seat-1' }, facts: { status: word } });
  });
  it('a seat that goes out twice a day does so twice', () => {
    const status = { AccountStatus: { account_id: 'seat-1', message: 'CREDENTIALS' } };
    const [first] = read(status);
    const [second] = read(status, undefined, new Date('2026-03-03T05:00:00Z'));
    expect(first?.providerEventId).not.toBe(second?.providerEventId);
  });
  it('anything else is stored as unknown', () => {
    expect(read({ event: 'message_read', account_id: 'seat-1' })[0]?.kind).toBe('unknown');
  });
  it('refuses a wrong secret and what is no JSON', () => {
    expect(() => read(message, {})).toThrow(refusedWith(401));
    expect(() => read(message, { 'x-webhook-secret': 'other' })).toThrow(refusedWith(401));
    expect(() => read('text')).toThrow(refusedWith(400));
  });
});

describe('ClickSend', () => {
  const request = (body: object | string, secret = 'a-secret') => ({
    secret,
    headers: {},
    rawBody: typeof body === 'string' ? body : JSON.stringify(body),
    receivedAt,
  });
  const inbound = {
    from: '+61491570156',
    to: '+61255501234',
    body: 'Tell me more',
    message_id: 'IN-1',
    original_message_id: 'M-1',
    custom_string: touchId,
    timestamp: '1772499600',
  };

  it('a text message is a reply', () => {
    expect(clickSendInboundEvents(request(inbound), 'a-secret')).toEqual([
      {
        provider: 'clicksend',
        providerEventId: 'inbound:IN-1',
        kind: 'reply',
        occurredAt: new Date('2026-03-03T01:00:00Z'),
        touchId,
        reference: 'M-1',
        person: { phone: '+61491570156' },
        resource: { number: '+61255501234' },
        payload: inbound,
      },
    ]);
  });
  it.each([
    ['STOP', { body: 'STOP' }],
    ['another alias', { body: undefined, message: 'stop' }],
  ])('%s stops', (_name, change) => {
    expect(clickSendInboundEvents(request({ ...inbound, ...change }), 'a-secret')[0]?.kind).toBe('smsStop');
  });
  it('reads a form and wrapped fields alike', () => {
    const form = new URLSearchParams({ ...inbound, body: 'Stop.' }).toString();
    expect(clickSendInboundEvents(request(form), 'a-secret')[0]).toMatchObject({ kind: 'smsStop', touchId });
    expect(clickSendInboundEvents(request({ data: inbound }), 'a-secret')[0]).toMatchObject({ kind: 'reply', touchId });
  });
  it('has a stable id without a message id', () => {
    const { message_id: _omitted, ...rest } = inbound;
    const id = (text: string) =>
      clickSendInboundEvents(request({ ...rest, body: text }), 'a-secret')[0]?.providerEventId;
    expect(id('one')).toBe(id('one'));
    expect(id('one')).not.toBe(id('two'));
  });
  it.each([
    [{ status_code: '201' }, 'delivered'],
    [{ status_code: 201 }, 'delivered'],
    [{ status_code: '301', error_code: '27' }, 'sendFailed'],
    [{ status_code: '200' }, 'unknown'],
    [{ status: 'Delivered' }, 'delivered'],
    [{ status: 'Undelivered' }, 'sendFailed'],
  ])('receipt %j is %s', (fields, kind) => {
    const [event] = clickSendReceiptEvents(
      request({ message_id: 'M-1', custom_string: touchId, to: '61491570156', ...fields }),
      'a-secret',
    );
    expect(event).toMatchObject({ kind, touchId, reference: 'M-1', person: { phone: '+61491570156' } });
  });
  it('refuses a wrong secret and an empty body', () => {
    expect(() => clickSendInboundEvents(request(inbound, 'other'), 'a-secret')).toThrow(refusedWith(401));
    expect(() => clickSendReceiptEvents(request(inbound, 'other'), 'a-secret')).toThrow(refusedWith(401));
    expect(() => clickSendInboundEvents(request('{}'), 'a-secret')).toThrow(refusedWith(400));
  });
});
