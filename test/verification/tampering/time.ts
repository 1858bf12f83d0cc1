import { first, ofOperation, shift, type Tampering } from './lines';

export const time: readonly Tampering[] = [
  {
    what: 'a mail at the wrong hour',
    check: 'TIME-1',
    says: /outside the window/,
    tamper: (run) => shift(first(ofOperation(run, 'send')), 3),
  },
  {
    what: 'a mail before the window',
    check: 'TIME-1',
    says: /outside the window/,
    tamper: (run) => shift(first(ofOperation(run, 'send')), -2),
  },
  {
    what: 'a mail on a Sunday',
    check: 'TIME-1',
    says: /on a weekend/,
    tamper: (run) => void (first(ofOperation(run, 'send')).at = '2026-03-29T09:00:00Z'),
  },
  {
    what: 'a call at the wrong hour',
    check: 'TIME-3',
    says: /outside the window/,
    tamper: (run) => shift(first(ofOperation(run, 'call')), 3),
  },
  {
    what: 'a text at the hour of the country’s first zone',
    check: 'TIME-3',
    says: /outside the window: sms to anywhere@/,
    tamper: (run) => shift(first(ofOperation(run, 'sms').filter((line) => line.recipient === '+12025550110')), -6),
  },
  {
    what: 'a call on a Sunday',
    check: 'TIME-3',
    says: /on a weekend/,
    tamper: (run) => void (first(ofOperation(run, 'call')).at = '2026-03-29T09:00:00Z'),
  },
  {
    what: 'a call on Easter Monday',
    check: 'TIME-5',
    says: /on a holiday/,
    tamper: (run) => void (first(ofOperation(run, 'call')).at = '2026-04-06T09:00:00Z'),
  },
  {
    what: 'a burst',
    check: 'TIME-6',
    says: /0 s apart/,
    tamper: (run) => {
      const [one, two] = ofOperation(run, 'invite');
      if (one && two) two.at = one.at;
    },
  },
  {
    what: 'a wrong zone',
    check: 'TIME-2',
    says: /has Australia\/Hobart/,
    tamper: ({ leads }) => void (first(leads).timezone = 'Australia/Hobart'),
  },
  {
    what: 'a wrong source of a zone',
    check: 'TIME-2',
    says: /\(client\), not/,
    tamper: ({ leads }) => void (first(leads).timezoneSource = 'client'),
  },
  { what: 'a person without a lead', check: 'TIME-2', says: /has none/, tamper: ({ leads }) => void leads.shift() },
];
