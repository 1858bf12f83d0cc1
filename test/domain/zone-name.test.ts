import { IANAZone } from 'luxon';
import { isZone, whyNoZone } from '../../domain/calendar/zone-name';

describe('names of zones', () => {
  test('every canonical name that this Node knows', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((zone) => !isZone(zone))).toEqual([]);
  });
  test.each([
    'Australia/Sydney',
    'Asia/Calcutta',
    'US/Pacific',
    'UTC',
    'GMT',
    'Etc/GMT+5',
    'Eire',
    'NZ',
    'Singapore',
    'europe/london',
  ])('%s is one', (zone) => expect(isZone(zone)).toBe(true));
  test.each([
    'BST',
    'EST',
    'MST',
    'IST',
    'AEST',
    'AET',
    'CET',
    'EST5EDT',
    'PST8PDT',
    'ACT',
    '+10:00',
    'UTC+10',
    'Mars/Olympus',
    'SystemV/EST5',
    '',
  ])('%s is none', (zone) => expect(isZone(zone)).toBe(false));
  test('an abbreviation is refused by name, with what to write: libraries read BST as Dhaka’s', () => {
    expect(IANAZone.isValidZone('BST')).toBe(true);
    expect(whyNoZone('BST')).toBe(
      'is an abbreviation, which means different zones in different places; write Europe/London',
    );
    expect(whyNoZone('Mars/Olympus')).toBe('is not an IANA zone; write it like Australia/Sydney');
  });
});
