import { DateTime } from 'luxon';
import { mailEvents } from '../../providers/mail/webhook';
import { statedReturnDate } from '../../providers/reading/return-date';

const receivedAt = new Date('2026-03-02T09:00:00Z');
const secret = 'a secret for tests';
const head = 'From: jane@acme.example\r\nTo: anna@growth.example\r\nMessage-ID: <odd@acme.example>\r\n';

async function read(rest: string) {
  const request = { secret, headers: {}, rawBody: head + rest, receivedAt };
  const [event] = await mailEvents(request, { secret, isOurMailbox: (address) => address === 'anna@growth.example' });
  return event;
}

const part = (n: number): string => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`;

describe('mails that were made to be hard to read', () => {
  test('two hundred thousand dates of return', async () => {
    const event = await read(`Auto-Submitted: auto-replied\r\n\r\n${'back on 16 March 2026 '.repeat(200_000)}`);
    expect(event).toMatchObject({ kind: 'autoReply', returnDate: '2026-03-16' });
  });

  test.each([
    ['more headers than any mail has', `${'X-Odd: b\r\n'.repeat(200_000)}\r\nHello there`],
    ['parts within parts', Array.from({ length: 3000 }, (_, n) => part(n)).join('')],
  ])('%s: who wrote it is seen, so it is a reply', async (_, rest) => {
    expect(await read(rest)).toMatchObject({ kind: 'reply', person: { email: 'jane@acme.example' } });
  });
});

test.each(['through 9999-12-31', 'on 12 March 9999', 'in 99 months'])('nobody is back %s', (stated) => {
  expect(statedReturnDate(`I am back ${stated}.`, DateTime.fromJSDate(receivedAt))).toBeNull();
});
test.each([
  ['1 March 2027', '2027-03-01'],
  ['1 September 2027', null],
])('a date is believed within a year: %s', (stated, date) => {
  expect(statedReturnDate(`I am back on ${stated}.`, DateTime.fromJSDate(receivedAt))).toBe(date);
});
