import { first, ofOperation, later, toldOf, type Tampering } from './lines';

export const timelines: readonly Tampering[] = [
  {
    what: 'an event that was not taken',
    check: 'TRUTH-5',
    says: /answered with 500/,
    tamper: ({ inbox }) => void (first(inbox).answeredStatus = 500),
  },
  {
    what: 'an event that nobody answered',
    check: 'TRUTH-5',
    says: /answered with null/,
    tamper: ({ inbox }) => void (first(inbox).answeredStatus = null),
  },
  {
    what: 'a touch that the engine does not admit',
    check: 'TRUTH-3',
    says: /told otherwise/,
    tamper: ({ leads }) => void (first(first(leads).touches).status = 'skipped'),
  },
  {
    what: 'a touch by another sender than the engine says',
    check: 'TRUTH-3',
    says: /told otherwise/,
    tamper: ({ leads }) => void (first(first(leads).touches).resource = 'eve@thames-growth.example'),
  },
  {
    what: 'a touch an hour from when the engine says',
    check: 'TRUTH-3',
    says: /told otherwise/,
    tamper: (run) => {
      const told = toldOf(run, first(ofOperation(run, 'send')));
      told.sentAt = later(told.sentAt ?? '', 1);
    },
  },
  {
    what: 'a touch without a time of sending',
    check: 'TRUTH-3',
    says: /told otherwise/,
    tamper: (run) => void (toldOf(run, first(ofOperation(run, 'send'))).sentAt = null),
  },
  {
    what: 'a touch that the engine made up',
    check: 'TRUTH-3',
    says: /never received/,
    tamper: (run) => void run.outbox.splice(run.outbox.indexOf(first(ofOperation(run, 'sms'))), 1),
  },
  {
    what: 'a touch that no provider accepted',
    check: 'TRUTH-3',
    says: /never received/,
    tamper: (run) => void (first(ofOperation(run, 'sms')).outcome = 'lost'),
  },
  {
    what: 'a touch that no lead has',
    check: 'TRUTH-3',
    says: /no lead has/,
    tamper: (run) => void (first(ofOperation(run, 'sms')).touchId = null),
  },
  {
    what: 'a touch to a stranger',
    check: 'TRUTH-3',
    says: /sms to a stranger/,
    tamper: (run) => void (first(ofOperation(run, 'sms')).recipient = '+447700900199'),
  },
];
