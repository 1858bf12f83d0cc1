import fc from 'fast-check';
import { addressKind, addressRefusal, emailStatuses, judgeAddress, type EmailStatus } from '../../domain/address-check';

test.each<[string, 'found' | 'none' | 'unknown', EmailStatus]>([
  ['jane@acme.example', 'found', 'deliverable'],
  ['jane@acme.example', 'none', 'no_mail_exchange'],
  ['jane@acme.example', 'unknown', 'unchecked'],
  ["o'neil+x@mail.acme.example", 'found', 'deliverable'],
  ['josé@müller.example', 'found', 'deliverable'],
  ['jane@mailinator.com', 'found', 'disposable'],
  ['jane@MAILINATOR.com', 'unknown', 'disposable'],
  ['jane@inbox.mailinator.com', 'none', 'disposable'],
  ...[
    ...[
      'jane',
      'jane@',
      '@acme.example',
      'jane@acme',
      'jane@@acme.example',
      'jane@acme..example',
      'jane@-acme.example',
    ],
    ...['ja ne@acme.example', '.jane@acme.example', 'jane.@acme.example', 'ja..ne@acme.example', 'jane@127.0.0.1', ''],
    ...[`${'x'.repeat(65)}@acme.example`, `jane@${'x.'.repeat(130)}example`, 'a@b@acme.example', 'jane@acme.example\n'],
  ].map((email): [string, 'found', EmailStatus] => [email, 'found', 'malformed']),
])('%j, mail exchange %s: %s', (email, exchange, verdict) => {
  expect(judgeAddress(email, exchange)).toBe(verdict);
});

test('a time-out never blocks what is well formed, and no text breaks the check', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.emailAddress()), (email) => {
      expect(emailStatuses).toContain(judgeAddress(email, 'found'));
      expect(judgeAddress(email, 'unknown')).not.toBe('no_mail_exchange');
    }),
  );
});

test('SEQ-7: the bad ones are refused in words, the others are not', () => {
  const refused = emailStatuses.filter((status) => addressRefusal(status) !== null);
  expect(refused).toEqual(['no_mail_exchange', 'disposable', 'malformed']);
});

test.each([
  ['jane@acme.example', 'own'],
  ['jane.sales@acme.example', 'own'],
  ['info@acme.example', 'role'],
  ['Customer-Service@acme.example', 'role'],
  ['sales+au@acme.example', 'role'],
  ['jane@gmail.com', 'freeMail'],
  ['jane@yahoo.co.uk', 'freeMail'],
  ['jane@bigpond.com', 'freeMail'],
  ['info@gmail.com', 'freeMail'],
  ['jane@gmail.acme.example', 'own'],
  ['jane@yahoo-partners.example', 'own'],
])('%s is of the kind %s', (email, kind) => {
  expect(addressKind(email)).toBe(kind);
});
