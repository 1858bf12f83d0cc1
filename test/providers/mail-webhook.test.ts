import { proseBounces } from '../corpus/prose-bounces';
import { mailEvents } from '../../providers/mail/webhook';

const touchId = '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11';
const ours = `${touchId}@growth.example`;
const receivedAt = new Date('2026-03-03T02:00:00Z');

interface Letter {
  from?: string;
  subject?: string;
  headers?: string[];
  body?: string;
}
const letter = ({
  from = 'Jane Doe <jane@acme.example>',
  subject = 'Re: Crew rosters',
  headers = [],
  body = 'Tell me more.',
}: Letter) =>
  [
    `From: ${from}`,
    'To: anna@growth.example',
    `Subject: ${subject}`,
    'Message-ID: <reply-1@acme.example>',
    'Date: Tue, 3 Mar 2026 01:00:00 +0000',
    `In-Reply-To: <${ours}>`,
    ...headers,
    '',
    body,
    '',
  ].join('\r\n');

const report = (type: string, parts: [string, string][], headers: string[] = []) =>
  [
    'From: Mail Delivery System <MAILER-DAEMON@mx.acme.example>',
    'To: anna@growth.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Message-ID: <dsn-1@mx.acme.example>',
    'Date: Tue, 3 Mar 2026 01:00:00 +0000',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type}; boundary="b"`,
    ...headers,
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'Something happened to your mail.',
    ...parts.flatMap(([contentType, content]) => ['--b', `Content-Type: ${contentType}`, '', content]),
    '--b--',
    '',
  ].join('\r\n');

const original = [
  'From: anna@growth.example',
  'To: jane@acme.example',
  `Message-ID: <${ours}>`,
  'Subject: Crew rosters',
  '',
  'Hello',
].join('\r\n');
const deliveryStatus = (action: string, status: string) =>
  [
    'Reporting-MTA: dns; mx.acme.example',
    '',
    'Final-Recipient: rfc822; Jane@acme.example',
    `Action: ${action}`,
    `Status: ${status}`,
    'Diagnostic-Code: smtp; 550 5.1.1',
    ' unknown user',
    '',
  ].join('\r\n');
const bounce = (action: string, status: string, returned = 'message/rfc822') =>
  report('delivery-status', [
    ['message/delivery-status', deliveryStatus(action, status)],
    [returned, original],
  ]);

const read = (rawBody: string, secret = 'path-secret') =>
  mailEvents(
    { secret, headers: {}, rawBody, receivedAt },
    { secret: 'path-secret', isOurMailbox: (address) => address === 'anna@growth.example' },
  );
const only = async (rawBody: string) => {
  const events = await read(rawBody);
  expect(events).toHaveLength(1);
  return events[0]!;
};

it('a reply', async () => {
  expect(await only(letter({}))).toMatchObject({
    provider: 'mail',
    providerEventId: 'reply-1@acme.example',
    kind: 'reply',
    touchId,
    reference: ours,
    person: { email: 'jane@acme.example' },
    resource: { mailbox: 'anna@growth.example' },
    occurredAt: new Date('2026-03-03T01:00:00Z'),
  });
});

it('finds our mail among the references of a long thread', async () => {
  const raw = letter({ headers: [`References: <${ours}> <theirs-1@acme.example>`] }).replace(
    /In-Reply-To.*\r\n/,
    'In-Reply-To: <theirs-1@acme.example>\r\n',
  );
  expect(await only(raw)).toMatchObject({ touchId, reference: ours });
});

it('a mail without thread still names its sender', async () => {
  expect(await only(letter({}).replace(/In-Reply-To.*\r\n/, ''))).toMatchObject({
    kind: 'reply',
    touchId: null,
    reference: null,
    person: { email: 'jane@acme.example' },
  });
});

it('a mail from one of our own mailboxes is no event', async () => {
  expect(await read(letter({ from: 'Anna <Anna@growth.example>' }))).toEqual([]);
});

describe('automatic replies (SEQ-3)', () => {
  it.each([
    ['Auto-Submitted: auto-replied'],
    ['Auto-Submitted: auto-generated; x=y'],
    ['X-Autoreply: yes'],
    ['X-Autorespond: Out'],
    ['Precedence: auto_reply'],
    ['Precedence: bulk'],
  ])('%s', async (header) => {
    expect(await only(letter({ headers: [header] }))).toMatchObject({ kind: 'autoReply', touchId, returnDate: null });
  });
  it('by its subject', async () => {
    expect((await only(letter({ subject: 'Automatic reply: Crew rosters' }))).kind).toBe('autoReply');
  });
  it('Auto-Submitted: no is a person', async () => {
    expect((await only(letter({ headers: ['Auto-Submitted: no'] }))).kind).toBe('reply');
  });
  it('with the stated date of return, but not one in our quoted mail', async () => {
    const headers = ['Auto-Submitted: auto-replied'];
    const body = 'I am away, back on 16 March 2026.\r\n\r\nOn Tue, 3 Mar 2026 Anna wrote:\r\n> until 20 March 2026';
    expect(await only(letter({ headers, body }))).toMatchObject({ returnDate: '2026-03-16' });
  });
});

it("a date of return is counted from the writer's own day, in both orders", async () => {
  const headers = ['Auto-Submitted: auto-replied', 'Date: Tue, 3 Mar 2026 12:00:00 +1100'];
  const at = (body: string) => only(letter({ headers, body }).replace(/Date: Tue, 3 Mar 2026 01.*\r\n/, ''));
  expect(await at('Back on Wednesday.')).toMatchObject({ returnDate: '2026-03-04' });
  expect(await at('Until 03/06/2026.')).toMatchObject({
    returnDate: '2026-06-03',
    returnDateMonthFirst: '2026-03-06',
  });
});

it.each([
  ['in a subject of its own', letter({ subject: 'UNSUBSCRIBE', body: '' })],
  [
    'by a machine',
    letter({ headers: ['Auto-Submitted: auto-generated'], body: 'Remove this address from your list.' }),
  ],
])('a wish to be left alone %s (SEQ-5)', async (_, raw) => {
  expect((await only(raw)).kind).toBe('unsubscribe');
});

describe('reports in prose (SEQ-4)', () => {
  it.each(proseBounces)('$from, $subject: $kind', async ({ from, subject, text, kind }) => {
    const head = [`From: ${from}`, 'To: anna@growth.example', 'Return-Path: <>', `Subject: ${subject}`];
    const copy = ['------ This is a copy of the message. ------', '', `Message-ID: <${ours}>`, '', 'Hello'];
    const withCopy = [...head, 'Message-ID: <b@x.example>', '', text, '', ...copy].join('\r\n');
    expect(await only(withCopy)).toMatchObject({ kind, person: { email: 'jane@acme.example' }, touchId });
    expect(await only([...head, '', text].join('\r\n'))).toMatchObject({
      kind,
      person: { email: 'jane@acme.example' },
      touchId: null,
    });
  });

  it('a person who writes of a failure is a person', async () => {
    expect((await only(letter({ subject: 'Delivery failure at our depot', body: 'Can you help?' }))).kind).toBe(
      'reply',
    );
  });
});

it('a failure behind a forwarding says nothing about the address that we wrote to', async () => {
  const status = deliveryStatus('failed', '5.1.1').replace('Jane@acme.example', 'jane@elsewhere.example');
  const raw = report('delivery-status', [
    ['message/delivery-status', status],
    ['message/rfc822', original],
  ]);
  expect(await only(raw)).toMatchObject({ kind: 'blocked', touchId, facts: { forwarded: 'yes' } });
});

it('a wish to be left alone (SEQ-5)', async () => {
  expect((await only(letter({ body: 'Please remove me from your list.' }))).kind).toBe('unsubscribe');
});

describe('delivery status notifications (RFC 3464)', () => {
  it.each([
    ['failed', '5.1.1', 'hardBounce'],
    ['failed', '5.4.4', 'hardBounce'],
    ['failed', '5.2.2', 'softBounce'],
    ['failed', '4.4.7', 'softBounce'],
    ['delayed', '4.4.1', 'unknown'],
    ['delivered', '2.0.0', 'delivered'],
    ['relayed', '2.0.0', 'unknown'],
  ])('%s %s is %s', async (action, status, kind) => {
    expect(await only(bounce(action, status))).toMatchObject({
      kind,
      touchId,
      reference: ours,
      person: { email: 'jane@acme.example' },
      providerEventId: 'dsn-1@mx.acme.example:jane@acme.example',
      facts: { action, status },
    });
  });
  it('with the headers of our mail only', async () => {
    expect(await only(bounce('failed', '5.1.1', 'text/rfc822-headers'))).toMatchObject({ kind: 'hardBounce', touchId });
  });
  it('without our mail, by In-Reply-To', async () => {
    const raw = report(
      'delivery-status',
      [['message/delivery-status', deliveryStatus('failed', '5.1.1')]],
      [`In-Reply-To: <${ours}>`],
    );
    expect(await only(raw)).toMatchObject({ kind: 'hardBounce', touchId });
  });
  it('one event for each recipient', async () => {
    const status = `${deliveryStatus('failed', '5.1.1')}\r\n${['Final-Recipient: rfc822; joe@acme.example', 'Action: delayed', 'Status: 4.4.1', ''].join('\r\n')}`;
    const events = await read(report('delivery-status', [['message/delivery-status', status]]));
    expect(events.map(({ kind, person }) => [kind, person?.email])).toEqual([
      ['hardBounce', 'jane@acme.example'],
      ['unknown', 'joe@acme.example'],
    ]);
  });
  it.each([
    ['550 5.1.1 <jane@acme.example> unknown user', 'hardBounce'],
    ['452 4.2.2 over quota', 'softBounce'],
    ['Something went wrong.', 'unknown'],
  ])('prose of an old host: %s', async (body, kind) => {
    const raw = letter({
      from: 'MAILER-DAEMON@mx.acme.example',
      headers: ['X-Failed-Recipients: jane@acme.example'],
      body,
    });
    expect(await only(raw)).toMatchObject({ kind, touchId, person: { email: 'jane@acme.example' } });
  });
});

describe('complaints (RFC 5965)', () => {
  const complaint = (type: string, extra = '') =>
    report('feedback-report', [
      ['message/feedback-report', `Feedback-Type: ${type}\r\nUser-Agent: Loop/1\r\nVersion: 1\r\n${extra}`],
      ['message/rfc822', original],
    ]);
  it('abuse', async () => {
    expect(await only(complaint('abuse', 'Original-Rcpt-To: <jane@acme.example>\r\n'))).toMatchObject({
      kind: 'complaint',
      touchId,
      person: { email: 'jane@acme.example' },
    });
  });
  it('falls back to the recipient of the returned mail', async () => {
    expect((await only(complaint('fraud'))).person).toEqual({ email: 'jane@acme.example' });
  });
  it('not-spam is no complaint', async () => {
    expect((await only(complaint('not-spam'))).kind).toBe('unknown');
  });
});

it('a read receipt is no reply', async () => {
  const raw = report('disposition-notification', [
    ['message/disposition-notification', `Original-Message-ID: <${ours}>\r\n`],
  ]);
  expect((await only(raw)).kind).toBe('unknown');
});

it('does not believe a Date that is far from the arrival', async () => {
  expect((await only(letter({}).replace('3 Mar 2026', '3 Mar 2031'))).occurredAt).toEqual(receivedAt);
});

it('has a stable id without a Message-ID, and keeps no NUL', async () => {
  const raw = letter({ body: 'Tell\u0000 me' }).replace(/Message-ID.*\r\n/, '');
  const [first, second] = [await only(raw), await only(raw)];
  expect(first.providerEventId).toBe(second.providerEventId);
  expect(first.providerEventId).toHaveLength(32);
  expect(JSON.stringify(first.payload)).not.toContain('\\u0000');
});

it('refuses a wrong secret and what is no mail', async () => {
  await expect(read(letter({}), 'wrong')).rejects.toMatchObject({ name: 'WebhookRefused', status: 401 });
  await expect(read('')).rejects.toMatchObject({ name: 'WebhookRefused', status: 400 });
});

describe('a mail in HTML', () => {
  const html = (body: string) => only(letter({ headers: ['Content-Type: text/html; charset=utf-8'], body }));
  it('is read without the mail that it answers', async () => {
    const quote = '<blockquote>I was out of the office.</blockquote>';
    expect(await html(`<p>Remove me.</p><div>On Mon, 2 Mar 2026, Anna wrote:</div>${quote}`)).toMatchObject({
      kind: 'unsubscribe',
    });
    expect(await html(`<div>On Mon, 2 Mar 2026, Anna wrote:</div>${quote}<p>Remove me.</p>`)).toMatchObject({
      kind: 'unsubscribe',
    });
  });
  it('is read beside a footer in plain text', async () => {
    const parts = ['text/html', '', '<p>I am out of the office until 16 March.</p>', '--b', 'Content-Type: text/plain'];
    const body = ['--b', `Content-Type: ${parts.join('\r\n')}`, '', 'Scanned for viruses.', '--b--'].join('\r\n');
    const headers = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="b"'];
    expect(await only(letter({ headers, body }))).toMatchObject({ kind: 'autoReply', returnDate: '2026-03-16' });
  });
  it('is taken, however its tags are nested', async () => {
    expect(await html(`<p>Tell me more.</p>${'<b>'.repeat(30_000)}`)).toMatchObject({ kind: 'reply' });
  });
});
