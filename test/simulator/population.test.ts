import parsePhoneNumber from 'libphonenumber-js/max';
import { createPopulation } from '../../simulator/population/population';
import { searchPeople } from '../../simulator/population/search';

const population = createPopulation(1, 4_000);
const nobodyElse = { titles: [], industries: [], locations: [], sizes: [] };

describe('the people whom a search can find', () => {
  const people = population.all();

  test('are thousands, in six countries, each with an address of their own that nobody can have', () => {
    expect(people).toHaveLength(4_000);
    expect(new Set(people.map(({ email }) => email)).size).toBe(4_000);
    expect(people.every(({ email, employer }) => email.endsWith(`@${employer.domain}`))).toBe(true);
    expect(people.every(({ email }) => /^[a-z.0-9]+@[a-z0-9-]+\.example$/.test(email))).toBe(true);
    const countries = [...new Set(people.map(({ employer }) => employer.city.country))].sort();
    const six = ['Australia', 'Canada', 'Germany', 'New Zealand', 'United Kingdom', 'United States'];
    expect(countries).toEqual(six);
  });

  test('have numbers from fictional ranges alone, and no mobile belongs to two', () => {
    const fictional =
      /^(\+61[2378]5550\d{4}|\+61491570\d{3}|\+1\d{3}55501\d\d|\+44(2079460|1614960|1134960|1314960|2920180)\d{3}|\+447700900\d{3}|\+64\d555\d{4}|\+49(3023125|4066969|8999998|2214710)\d{3}|\+4917139200\d\d)$/;
    for (const number of people.flatMap(({ numbers }) => numbers)) {
      expect(number).toMatch(fictional);
      expect(parsePhoneNumber(number)?.isPossible()).toBe(true);
    }
    const mobiles = people.flatMap(({ mobile }) => mobile ?? []);
    expect(mobiles.length).toBeGreaterThan(1_000);
    expect(new Set(mobiles).size).toBe(mobiles.length);
  });

  test('are not known whole: something is missing of many', () => {
    const share = (isMissing: (one: (typeof people)[number]) => boolean): number =>
      people.filter(isMissing).length / people.length;
    expect(share((one) => !one.emailKnown)).toBeGreaterThan(0.05);
    expect(share((one) => one.linkedinUrl === null)).toBeGreaterThan(0.1);
    expect(share((one) => one.mobile === null)).toBeGreaterThan(0.3);
    expect(share((one) => !one.employer.placeKnown)).toBeGreaterThan(0.03);
    expect(share((one) => one.employer.industry === null)).toBeGreaterThan(0.03);
  });

  test('are the same for the same seed, and others for another', () => {
    expect(createPopulation(1, 50).all()).toEqual(createPopulation(1, 50).all());
    expect(createPopulation(2, 50).all()[0]?.id).not.toBe(createPopulation(1, 50).all()[0]?.id);
  });
});

describe('a search', () => {
  test.each<
    [
      string,
      Partial<typeof nobodyElse> | Record<string, unknown>,
      (one: ReturnType<typeof searchPeople>[number]) => boolean,
    ]
  >([
    ['a title', { titles: ['Head of Operations'] }, ({ title }) => title === 'Head of Operations'],
    ['a short title', { titles: ['COO'] }, ({ title }) => title === 'Chief Operating Officer'],
    ['a country', { locations: ['Germany'] }, ({ employer }) => employer.city.country === 'Germany'],
    ['a country by another name', { locations: ['UK'] }, ({ employer }) => employer.city.country === 'United Kingdom'],
    ['a city of a country', { locations: ['Perth, Australia'] }, ({ employer }) => employer.city.name === 'Perth'],
    ['an industry', { industries: ['Logistics'] }, ({ employer }) => employer.industry === 'Logistics'],
    [
      'a size',
      { sizes: [{ min: 51, max: 200 }] },
      ({ employer }) => (employer.employees ?? 0) >= 51 && (employer.employees ?? 0) <= 200,
    ],
  ])('by %s finds those alone', (_, wanted, fits) => {
    const found = searchPeople(population, { ...nobodyElse, ...wanted });
    expect(found.length).toBeGreaterThan(5);
    expect(found.every(fits)).toBe(true);
  });

  test('wants all of several lists, and finds nobody where nobody is', () => {
    const found = searchPeople(population, { ...nobodyElse, titles: ['COO'], locations: ['Australia', 'Canada'] });
    expect(found.length).toBeGreaterThan(3);
    expect(new Set(found.map(({ employer }) => employer.city.country))).toEqual(new Set(['Australia', 'Canada']));
    expect(searchPeople(population, { ...nobodyElse, locations: ['Atlantis'] })).toEqual([]);
  });
});
