import { simpleParser, type ParsedMail } from 'mailparser';
import { config, jane, mailbox, only, secrets } from './support/settings';
import { openEngineSink, type EngineSink, type Received } from './support/engine-sink';
import { sendMail } from './support/mail';
import { openWorld, startOfRun, type TestWorld } from './support/world';
import type { ReactionKind } from '../../simulator/workflows/reaction-input';

let open: TestWorld;
let engine: EngineSink;

afterEach(async () => {
  await open.world.close();
  await engine.close();
});

type Deed = Parameters<typeof only>[1];

/** Jane gets a mail and does this; what the engine received for it. */
async function afterMail(does: Deed, kind: ReactionKind, seed = 1): Promise<Received> {
  engine = await openEngineSink();
  open = await openWorld(config({ engineBaseUrl: engine.url, prospects: only(jane.email, does), seed }));
  await sendMail(open.smtpPort, { unsubscribeUrl: `${engine.url}/u/some-token` });
  expect(await open.happen(kind)).toBe(false);
  const [request, ...others] = engine.received;
  expect(others).toEqual([]);
  if (!request) throw new Error('the engine heard nothing');
  return request;
}

function expectInbox(provider: string, event: string): void {
  expect(open.inbox()).toEqual([
    expect.objectContaining({
      at: startOfRun.toISOString(),
      provider,
      event,
      recipient: jane.email,
      touchId: 'touch-1',
      answeredStatus: 200,
    }),
  ]);
}

async function rawMail(request: Received, secret = secrets.mailWebhook): Promise<ParsedMail> {
  expect(request.path).toBe(`/webhooks/mail/${secret}`);
  expect(request.headers['content-type']).toBe('message/rfc822');
  return simpleParser(request.body, { keepDeliveryStatus: true });
}

test.each([
  ['reply', 'reply', 'email_replied'],
  ['hardBounce', 'hardBounce', 'email_bounced'],
] as const)('%s comes as Salesforge tells it, about the mail', async (does, kind, type) => {
  const request = await afterMail(does, kind);
  expect(request.path).toBe(`/webhooks/salesforge/${secrets.salesforgeWebhook}`);
  expect(JSON.parse(request.body)).toMatchObject({
    webhookInfo: { type, eventTime: startOfRun.toISOString() },
    sequenceEmail: { emailId: 'touch-1@growth.example', fromEmail: mailbox, toEmail: jane.email },
    contact: { email: jane.email },
    mailbox: { email: mailbox },
  });
  expectInbox('salesforge', does);
});

test('an absence is an automatic reply in the thread; some state the day of return, some do not', async () => {
  const mail = await rawMail(await afterMail('ooo', 'ooo'));
  expect(mail.headers.get('auto-submitted')).toBe('auto-replied');
  expect(mail.inReplyTo).toBe('<touch-1@growth.example>');
  expect(mail.from?.value).toEqual([{ name: 'Jane Doe', address: jane.email }]);
  expectInbox('mail', 'ooo');

  const stated: boolean[] = [];
  for (let seed = 1; seed <= 8; seed++) {
    await open.world.close();
    await engine.close();
    const { text = '' } = await rawMail(await afterMail('ooo', 'ooo', seed));
    const returnDate = open.inbox()[0]?.detail?.['returnDate'];
    const written = /back on (\d{1,2} \w+ 2026)\./.exec(text)?.[1];
    stated.push(written !== undefined);
    const parsed = written ? new Date(`${written} UTC`).toISOString().slice(0, 10) : null;
    expect(returnDate).toBe(parsed);
    if (parsed) expect(Date.parse(parsed)).toBeGreaterThan(startOfRun.getTime());
  }
  expect(new Set(stated).size).toBe(2);
});

test('a full mailbox is a delivery status notification of class 4 that encloses the Message-ID', async () => {
  const request = await afterMail('softBounce', 'softBounce');
  const mail = await rawMail(request);
  expect(request.body).toContain('Content-Type: multipart/report; report-type=delivery-status');
  const status = mail.attachments.find(({ contentType }) => contentType === 'message/delivery-status');
  expect(status?.content.toString()).toMatch(
    new RegExp(`Final-Recipient: rfc822; ${jane.email}\r?\nAction: .*\r?\nStatus: 4.2.2`),
  );
  expect(request.body).toContain('Message-ID: <touch-1@growth.example>');
  expectInbox('mail', 'softBounce');
});

test('a complaint is a feedback report about the mail', async () => {
  const request = await afterMail('complain', 'complaint');
  const mail = await rawMail(request);
  const report = mail.attachments.find(({ contentType }) => contentType === 'message/feedback-report');
  expect(report?.content.toString()).toMatch(/Feedback-Type: abuse/);
  expect(report?.content.toString()).toContain(`Original-Rcpt-To: <${jane.email}>`);
  expect(request.body).toContain('Message-ID: <touch-1@growth.example>');
  expectInbox('mail', 'complaint');
});

test('unsubscribing posts One-Click to the address in the mail', async () => {
  const request = await afterMail('unsubscribe', 'unsubscribe');
  expect(request).toMatchObject({
    path: '/u/some-token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expectInbox('unsubscribe-link', 'unsubscribe');
});

test('an engine that fails or is away is asked again, and every attempt is written down', async () => {
  engine = await openEngineSink((_request, count) => ({ status: count === 1 ? 500 : 200 }));
  open = await openWorld(config({ engineBaseUrl: engine.url, prospects: only(jane.email, 'ooo') }));
  await sendMail(open.smtpPort);
  expect(await open.happen('ooo')).toBe(true);
  expect(await open.happen('ooo')).toBe(false);
  await engine.close();
  expect(await open.happen('ooo')).toBe(true);
  expect(open.inbox().map(({ answeredStatus }) => answeredStatus)).toEqual([500, 200, null]);
  const messageIds = engine.received.map(({ body }) => /Message-ID: (<ooo\..*>)/.exec(body)?.[1]);
  expect(messageIds[0]).toBeDefined();
  expect(messageIds[1]).toBe(messageIds[0]);
});

test('until somebody tells where the engine is, events wait', async () => {
  engine = await openEngineSink();
  open = await openWorld(config({ prospects: only(jane.email, 'reply') }));
  await sendMail(open.smtpPort);
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await open.happen('reply')).toBe(true);
  stderr.mockRestore();
  expect(open.inbox()).toEqual([]);
  const response = await fetch(`${open.httpUrl}/control/engine`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ baseUrl: `${engine.url}/` }),
  });
  expect(await response.json()).toEqual({ baseUrl: engine.url });
  expect(await open.happen('reply')).toBe(false);
  expectInbox('salesforge', 'reply');
});
