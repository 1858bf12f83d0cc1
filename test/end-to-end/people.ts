import type { RunPerson as KnownPerson } from '../../verification/run';

/**
 * Fourteen people around the world, with what the specification says of them: written down by hand, so that the checks
 * do not lean on the engine's own idea of zones.
 */
export interface Person {
  email: string;
  city: string;
  state: string;
  country: string;
  /** As E.164. */
  phone: string;
  mobile: string;
  linkedin: boolean;
  score: number | null;
  /** TIME-2. */
  zone: string;
  source: 'hq' | 'country' | 'client';
  /** TIME-3. */
  callZone: string;
  /** TIME-5, in the weeks of the run. */
  holidays: readonly string[];
  reaction: { does: string; onTouch?: number; afterHours?: number };
}

const easter = ['2026-04-03', '2026-04-06'];
const nothing = { does: 'none' };

type Place = Pick<Person, 'city' | 'state' | 'country' | 'zone' | 'source' | 'callZone' | 'holidays'>;
const place = (city: string, state: string, country: string, zone: string, holidays: readonly string[]): Place => ({
  city,
  state,
  country,
  zone,
  callZone: zone,
  holidays,
  source: 'hq',
});
const sydney = place('Sydney', 'NSW', 'Australia', 'Australia/Sydney', easter);
const perth = place('Perth', 'WA', 'Australia', 'Australia/Perth', easter);
const brisbane = place('Brisbane', 'QLD', 'Australia', 'Australia/Brisbane', easter);
const auckland = place('Auckland', '', 'New Zealand', 'Pacific/Auckland', easter);
const london = place('London', 'England', 'United Kingdom', 'Europe/London', easter);
const newYork = place('New York', 'NY', 'United States', 'America/New_York', []);
const chicago = place('Chicago', 'IL', 'United States', 'America/Chicago', []);
const losAngeles = place('Los Angeles', 'CA', 'United States', 'America/Los_Angeles', []);
const toronto = place('Toronto', 'ON', 'Canada', 'America/Toronto', ['2026-04-03']);
/** Only the country is known, which has several zones: calls wait for the one that reaches 09:00 last. */
const somewhereInTheStates: Place = {
  ...place('', '', 'United States', 'America/New_York', []),
  source: 'country',
  callZone: 'Pacific/Honolulu',
};
/** Nothing is known: the client's zone. */
const nowhere: Place = { ...place('', '', '', 'Europe/London', []), source: 'client' };

const reachable = { phone: '', linkedin: true, score: 95, reaction: nothing };

export const people: readonly Person[] = [
  { email: 'whole@harbour.example', ...sydney, ...reachable, mobile: '+61491570156' },
  {
    email: 'replies@swan.example',
    ...perth,
    ...reachable,
    mobile: '+61491570157',
    reaction: { does: 'reply', onTouch: 2, afterHours: 5 },
  },
  {
    email: 'away@river.example',
    ...brisbane,
    ...reachable,
    mobile: '+61491570158',
    reaction: { does: 'ooo', onTouch: 1, afterHours: 0.05 },
  },
  { email: 'far@sails.example', ...auckland, ...reachable, mobile: '', phone: '' },
  { email: 'gone@thames.example', ...london, ...reachable, mobile: '+447700900111', reaction: { does: 'hardBounce' } },
  {
    email: 'optsout@thames.example',
    ...london,
    ...reachable,
    mobile: '+447700900112',
    reaction: { does: 'unsubscribe', onTouch: 1, afterHours: 30 },
  },
  {
    email: 'complains@hudson.example',
    ...newYork,
    ...reachable,
    mobile: '+12125550107',
    reaction: { does: 'complain', onTouch: 1, afterHours: 2 },
  },
  {
    email: 'textsstop@lake.example',
    ...chicago,
    ...reachable,
    mobile: '+13125550108',
    reaction: { does: 'smsStop', afterHours: 1 },
  },
  {
    email: 'full@pacific.example',
    ...losAngeles,
    ...reachable,
    mobile: '+12135550109',
    reaction: { does: 'softBounce', onTouch: 1 },
  },
  { email: 'anywhere@states.example', ...somewhereInTheStates, ...reachable, mobile: '+12025550110' },
  { email: 'warm@maple.example', ...toronto, ...reachable, mobile: '+14165550111', score: 70 },
  { email: 'unknown@somewhere.example', ...nowhere, ...reachable, mobile: '+447700900113', score: null },
  { email: 'dead@thames.example', ...london, ...reachable, mobile: '+447700900114', score: 10 },
  {
    email: 'mailonly@hudson.example',
    ...newYork,
    ...reachable,
    mobile: '',
    linkedin: false,
    reaction: { does: 'reply', onTouch: 2, afterHours: 20 },
  },
];

export const linkedinUrlOf = ({ email, linkedin }: Person): string =>
  linkedin ? `https://www.linkedin.com/in/${email.replace(/[@.]/g, '-')}` : '';

/** The same people as verification knows them. */
export const knownPeople = (): KnownPerson[] =>
  people.map((person) => ({
    email: person.email,
    recipients: [person.email, person.mobile, person.phone, linkedinUrlOf(person)].filter((address) => address !== ''),
    zone: person.zone,
    zoneSource: person.source,
    callZone: person.callZone,
    holidays: [...person.holidays],
  }));

export function leadsCsv(): string {
  const header = 'email,first_name,company,phone,mobile,linkedin_url,city,state,country,als_score';
  const rows = people.map((person) => {
    const name = person.email.slice(0, person.email.indexOf('@'));
    const { email, phone, mobile, city, state, country, score } = person;
    return [email, name, `${name} Ltd`, phone, mobile, linkedinUrlOf(person), city, state, country, score ?? ''].join();
  });
  return `${[header, ...rows].join('\n')}\n`;
}

/** From the Thursday before Europe's clocks change on 29 March; Australia's and New Zealand's follow on 5 April. */
export const setup = {
  start: '2026-03-26T00:00:00Z',
  client: { name: 'Thames Growth', timezone: 'Europe/London', country: 'GB', region: 'ENG', tier: 'velocity' },
  // Five e-mails a day until 27 March, ten until 31 March.
  domains: [
    {
      name: 'thames-growth.example',
      warmupStartedAt: '2026-03-24',
      mailboxes: ['anna@thames-growth.example', 'ben@thames-growth.example'],
    },
  ],
  phoneNumbers: [{ number: '+442079460123', channels: ['voice', 'sms'] }],
  linkedinSeats: [{ id: 'seat-anna', name: 'Anna Reid' }],
  prospects: { byEmail: Object.fromEntries(people.map(({ email, reaction }) => [email, reaction])) },
};
