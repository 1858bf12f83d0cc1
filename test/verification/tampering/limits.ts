import { first, ofOperation, repeat, type Tampering } from './lines';

export const limits: readonly Tampering[] = [
  {
    what: 'a sixth e-mail on a day of five',
    check: 'WARM-1',
    says: /more than 5: e-mails of thames-growth/,
    tamper: (run) => repeat(run, 'send', 1),
  },
  {
    what: 'an e-mail from a domain that the client does not have',
    check: 'WARM-1',
    says: /more than 0: e-mails of stranger.example/,
    tamper: (run) => void (first(ofOperation(run, 'send')).resource = 'anna@stranger.example'),
  },
  {
    what: 'a 51st call in a day',
    check: 'LIM-1',
    says: /more than 50: calls/,
    tamper: (run) => repeat(run, 'call', 50),
  },
  {
    what: 'a 21st invitation in a day',
    check: 'LIM-1',
    says: /more than 20: invitations/,
    tamper: (run) => repeat(run, 'invite', 20),
  },
  {
    what: 'a 101st invitation in seven days',
    check: 'LIM-1',
    says: /more than 100: invitations of .* in the week/,
    tamper: (run) => repeat(run, 'invite', 100, { daysApart: 0.06 }),
  },
  {
    what: 'a 51st message of a seat in a day',
    check: 'LIM-1',
    says: /more than 50: messages of/,
    tamper: (run) => repeat(run, 'invite', 51, { operation: 'message' }),
  },
  {
    what: 'a 101st profile view of a seat in a day',
    check: 'LIM-1',
    says: /more than 100: profile views of/,
    tamper: (run) => repeat(run, 'invite', 101, { operation: 'view' }),
  },
  {
    what: 'a 101st text of a number in a day',
    check: 'LIM-1',
    says: /more than 100: texts of/,
    tamper: (run) => repeat(run, 'sms', 100),
  },
  {
    what: 'a 201st text of a client in a day',
    check: 'LIM-1',
    says: /more than 200: texts on/,
    tamper: (run) => repeat(run, 'sms', 200),
  },
  {
    what: 'a 101st e-mail of a mailbox in a day',
    check: 'LIM-1',
    says: /more than 100: e-mails of \S+@/,
    tamper: (run) => repeat(run, 'send', 100),
  },
  {
    what: 'a 201st e-mail of a client in a day',
    check: 'LIM-1',
    says: /more than 200: e-mails on/,
    tamper: (run) => repeat(run, 'send', 200),
  },
];
