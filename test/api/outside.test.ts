import twilio from 'twilio';
import { isProvenSent } from '../../store/touches/in-flight';
import { ApiUnderTest, publicBaseUrl, webhookSecrets, type Tenant } from './api-under-test';

let api: ApiUnderTest;
let tenant: Tenant;
let campaignId: string;
let leadId: string;
let mailbox: string;
let counter = 0;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  counter += 1;
  tenant = await api.tenant();
  mailbox = `anna@growth-${counter}.example`;
  await api.ask(tenant.key, 'POST', '/v1/domains', { name: `growth-${counter}.example` });
  await api.ask(tenant.key, 'POST', '/v1/mailboxes', { address: mailbox });
  campaignId = await api.campaign(tenant.key);
  await api.import(tenant.key, campaignId, 'email,mobile\njane@acme.example,+61491570006\n');
  leadId = await api.leadId(tenant.key, campaignId, 'jane@acme.example');
  api.workflows.told.length = 0;
});

const enrollmentOf = (id: string) => api.database.enrollment.findFirstOrThrow({ where: { leadId: id } });
const eventsAbout = (id: string) => ({ subjects: { some: { leadId: id } } });
const tokenOf = async (id: string) => (await api.database.lead.findUniqueOrThrow({ where: { id } })).unsubscribeToken;

/** A touch of the lead's that has been sent, or is being sent. */
async function touch(step: number, channel: 'email' | 'voice' | 'sms', status: 'sending' | 'sent' = 'sent') {
  const { id: enrollmentId } = await enrollmentOf(leadId);
  const at = api.now;
  await api.database.enrollment.update({ where: { id: enrollmentId }, data: { status: 'active', admittedAt: at } });
  const kind = channel === 'email' ? 'mailbox' : 'phone_number';
  const address = kind === 'mailbox' ? mailbox : `+612555${String(50_000 + counter)}`;
  const sender = await api.database.sender.upsert({
    where: { kind_address: { kind, address } },
    create: { clientId: tenant.id, kind, address },
    update: {},
  });
  // A claim that is older than any provider call: a stop does not wait for it.
  const claim = { senderId: sender.id, fence: 1, claimedAt: new Date(at.getTime() - 60_000) };
  const sent = status === 'sent' ? { sentAt: at, sentOn: at } : {};
  const { id } = await api.database.touch.create({
    data: { clientId: tenant.id, campaignId, enrollmentId, step, channel, status, ...claim, ...sent },
  });
  return id;
}

describe('one-click unsubscribe (RFC 8058)', () => {
  test('GET only shows a page with a button that posts', async () => {
    const url = `/u/${await tokenOf(leadId)}`;
    const answer = await api.ask(null, 'GET', url);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body).toContain('<form method="post">');
    expect(answer.body).not.toContain('jane');
    expect((await enrollmentOf(leadId)).status).toBe('waiting');
    expect(await api.database.inboundEvent.count({ where: { provider: 'unsubscribe-link' } })).toBe(0);
  });

  test.each([
    ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
    ['text/plain', ''],
  ])('POST as %s stops every sequence and suppresses, once', async (type, body) => {
    await touch(1, 'email');
    const url = `/u/${await tokenOf(leadId)}`;
    for (const _ of [1, 2]) {
      const answer = await api.ask(null, 'POST', url, body, { 'content-type': type });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers.location).toBeUndefined();
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect(await enrollmentOf(leadId)).toMatchObject({ status: 'stopped', stopRule: 'SEQ-5' });
    expect(await api.database.suppression.count({ where: { clientId: tenant.id, kind: 'email', scope: 'all' } })).toBe(
      1,
    );
    expect(await api.database.inboundEvent.count({ where: eventsAbout(leadId) })).toBe(1);
    expect(api.workflows.told).toContain('signals');
  });

  test('without any body and content type, and while Temporal is away', async () => {
    api.workflows.away = true;
    expect((await api.ask(null, 'POST', `/u/${await tokenOf(leadId)}`)).statusCode).toBe(200);
    api.workflows.away = false;
    expect((await enrollmentOf(leadId)).status).toBe('stopped');
  });

  test("another client's lead with the same address goes on", async () => {
    const other = await api.tenant();
    const otherCampaign = await api.campaign(other.key);
    await api.import(other.key, otherCampaign, 'email\njane@acme.example\n');
    await api.ask(null, 'POST', `/u/${await tokenOf(leadId)}`);
    const theirs = await api.leadId(other.key, otherCampaign, 'jane@acme.example');
    expect((await enrollmentOf(theirs)).status).toBe('waiting');
    expect((await enrollmentOf(leadId)).status).toBe('stopped');
  });

  test.each(['GET', 'POST'] as const)('%s with an unknown token is a page without detail', async (method) => {
    const answer = await api.ask(null, method, '/u/unknown');
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.body).not.toContain('unknown');
  });
});

describe('webhooks prove where they come from', () => {
  const json = { 'content-type': 'application/json' };
  const unipile = { ...json, 'x-webhook-secret': webhookSecrets.unipile };

  test.each([
    ['/webhooks/salesforge/wrong', '{}', json],
    ['/webhooks/clicksend/wrong/inbound', '{"from":"+61491570006","body":"STOP"}', json],
    ['/webhooks/clicksend/wrong/receipts', '{}', json],
    ['/webhooks/unipile', '{"event":"message_received"}', json],
    ['/webhooks/mail/wrong', 'From: jane@acme.example\r\n\r\nHello', { 'content-type': 'message/rfc822' }],
    ['/webhooks/twilio/voice/status?touchId=1', 'CallSid=CA1', { 'x-twilio-signature': 'wrong' }],
    ['/webhooks/twilio/voice/gather?touchId=1', 'CallSid=CA1&Digits=9', {}],
    ['/webhooks/twilio/voice/inbound', 'CallSid=CA1&From=%2B61491570006', {}],
    ['/webhooks/twilio/voice/twiml?touchId=1', 'CallSid=CA1', {}],
  ])('%s: 401, and nothing is stored', async (url, body, headers: Record<string, string>) => {
    const before = await api.database.inboundEvent.count();
    const answer = await api.ask(null, 'POST', url, body, headers);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(await api.database.inboundEvent.count()).toBe(before);
    expect((await enrollmentOf(leadId)).status).toBe('waiting');
  });

  test('an SMS STOP is applied and stored before its 200, once however often it comes', async () => {
    const touchId = await touch(5, 'sms');
    const body = { from: '+61491570006', body: 'Stop!', message_id: `m${counter}`, custom_string: touchId };
    for (const _ of [1, 2]) {
      const answer = await api.ask(null, 'POST', `/webhooks/clicksend/${webhookSecrets.clicksend}/inbound`, body);
      expect(answer.statusCode).toBe(200);
    }
    expect(await enrollmentOf(leadId)).toMatchObject({ status: 'stopped', stopRule: 'SEQ-5' });
    expect(await api.database.inboundEvent.count({ where: eventsAbout(leadId) })).toBe(1);
    // The repetition has nothing to tell.
    expect(api.workflows.told).toEqual(['signals']);
  });

  test('a reply by e-mail as Salesforge reports it', async () => {
    const touchId = await touch(1, 'email');
    const body = {
      webhookInfo: { id: 'w', eventTime: '2026-03-02T00:10:00Z', type: 'email_replied' },
      sequenceEmail: {
        emailId: `${touchId}@growth-${counter}.example`,
        fromEmail: 'jane@acme.example',
        toEmail: mailbox,
        subject: 'Re: Hello',
        content: 'Tell me more.',
      },
      contact: { id: 'c', email: 'jane@acme.example' },
      mailbox: { id: 'm', email: mailbox },
    };
    const answer = await api.ask(null, 'POST', `/webhooks/salesforge/${webhookSecrets.salesforge}`, body);
    expect(answer.statusCode).toBe(200);
    expect(await enrollmentOf(leadId)).toMatchObject({ status: 'stopped', stopRule: 'SEQ-3' });
  });

  test('a raw mail, with a character that PostgreSQL refuses', async () => {
    const touchId = await touch(1, 'email');
    const mail = [
      'From: Jane <jane@acme.example>',
      `To: ${mailbox}`,
      `Message-ID: <reply-${counter}@acme.example>`,
      `In-Reply-To: <${touchId}@growth-${counter}.example>`,
      'Subject: Re: Hello',
      '',
      'Yes\u0000, please.',
    ].join('\r\n');
    const headers = { 'content-type': 'message/rfc822' };
    const answer = await api.ask(null, 'POST', `/webhooks/mail/${webhookSecrets.mail}`, mail, headers);
    expect(answer.statusCode).toBe(200);
    expect(await enrollmentOf(leadId)).toMatchObject({ status: 'stopped', stopRule: 'SEQ-3' });
  });

  test('an odd character in JSON does not keep an event out', async () => {
    const body = '{"event":"label\\u0000changed","account_id":"seat"}';
    expect((await api.ask(null, 'POST', '/webhooks/unipile', body, unipile)).statusCode).toBe(200);
  });

  test.each([
    ['malformed JSON', '{', 400],
    ['an event about nobody that we know', '{"event":"new_relation","account_id":"x","user_provider_id":"y"}', 200],
    ['a body beyond the limit', JSON.stringify({ text: 'x'.repeat(1_100_000) }), 413],
  ])('%s', async (_, body, status) => {
    expect((await api.ask(null, 'POST', '/webhooks/unipile', body, unipile)).statusCode).toBe(status);
  });

  test('what was not stored is not acknowledged', async () => {
    const failing = await ApiUnderTest.start();
    await failing.database.$executeRaw`ALTER TABLE inbound_event ADD CONSTRAINT no_room CHECK (false)`;
    try {
      const body = { from: '+61491570006', body: 'STOP' };
      const answer = await failing.ask(null, 'POST', `/webhooks/clicksend/${webhookSecrets.clicksend}/inbound`, body);
      expect(answer.statusCode).toBe(503);
      expect(failing.workflows.told).toEqual([]);
    } finally {
      await failing.stop();
    }
  });
});

describe('calls', () => {
  const signed = (path: string, params: Record<string, string>) => {
    const signature = twilio.getExpectedTwilioSignature(webhookSecrets.twilioAuthToken, publicBaseUrl + path, params);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature };
    return api.ask(null, 'POST', path, new URLSearchParams(params).toString(), headers);
  };

  async function call(): Promise<string> {
    const touchId = await touch(2, 'voice', 'sending');
    const usage = { promptVersion: '1', model: 'm', inputTokens: 1, outputTokens: 1, costMicroUsd: 1 };
    const content = { script: 'Hello Jane & all' };
    await api.database.touchText.create({
      data: { touchId, clientId: tenant.id, content, createdAt: api.now, ...usage },
    });
    return touchId;
  }

  test('TRUTH-1: the script is said to the first call of a touch alone, however often it asks', async () => {
    const touchId = await call();
    const path = `/webhooks/twilio/voice/twiml?touchId=${touchId}`;
    for (const _ of [1, 2]) {
      const answer = await signed(path, { CallSid: 'CA1', CallStatus: 'in-progress' });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toContain('text/xml');
      expect(answer.body).toContain('Hello Jane &amp; all');
      expect(answer.body).toContain(`${publicBaseUrl}/webhooks/twilio/voice/gather?touchId=${touchId}`);
    }
    const second = await signed(path, { CallSid: 'CA2', CallStatus: 'in-progress' });
    expect(second.body).toContain('<Hangup/>');
    expect(second.body).not.toContain('Hello');
  });

  test('nobody is spoken to whose sequence was stopped while the phone rang', async () => {
    const touchId = await call();
    await api.ask(tenant.key, 'POST', `/v1/leads/${leadId}/stop`);
    const answer = await signed(`/webhooks/twilio/voice/twiml?touchId=${touchId}`, { CallSid: 'CA1' });
    expect(answer.body).not.toContain('Hello');
  });

  test.each(['sending', 'uncertain'] as const)(
    'TRUTH-1: a phone that rings proves that its call was made, while the touch is %s',
    async (status) => {
      const touchId = await call();
      if (status === 'uncertain') {
        const data = { status, sentAt: api.now, sentOn: api.now };
        await api.database.touch.update({ where: { id: touchId }, data });
      }
      const params = { CallSid: `CA${counter}`, CallStatus: 'ringing', To: '+61491570006', From: '+61255501234' };
      const answer = await signed(`/webhooks/twilio/voice/status?touchId=${touchId}`, params);
      expect(answer.statusCode).toBe(200);
      const event = await api.database.inboundEvent.findFirstOrThrow({ where: eventsAbout(leadId) });
      expect(event).toMatchObject({ provider: 'twilio', kind: 'unknown', provesSending: true });
      // The attempt itself is still to say what became of it; it reads the event then.
      const expected = status === 'uncertain' ? 'sent' : 'sending';
      expect(await api.database.touch.findUnique({ where: { id: touchId } })).toMatchObject({ status: expected });
      expect(await isProvenSent(api.database.sql, touchId)).toBe(true);
      expect((await enrollmentOf(leadId)).status).toBe('active');
    },
  );

  test('an unknown touch is hung up on', async () => {
    const answer = await signed('/webhooks/twilio/voice/twiml?touchId=nonsense', { CallSid: 'CA1' });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('<Hangup/>');
  });

  test.each([
    ['1', 'SEQ-3'],
    ['9', 'SEQ-5'],
  ])('the key %s stops the sequence by %s', async (digit, rule) => {
    const touchId = await call();
    const params = { CallSid: `CA${counter}`, Digits: digit, To: '+61491570006', From: '+61255501234' };
    const answer = await signed(`/webhooks/twilio/voice/gather?touchId=${touchId}`, params);
    expect(answer.statusCode).toBe(200);
    expect(await enrollmentOf(leadId)).toMatchObject({ status: 'stopped', stopRule: rule });
  });
});
