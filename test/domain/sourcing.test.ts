import { audienceOf, leadsToSource, namesSomebody } from '../../domain/sourcing';

describe('the size of a company, as people write it', () => {
  test.each<[string, { min: number; max: number | null } | null]>([
    ['51-200', { min: 51, max: 200 }],
    ['51 – 200 employees', { min: 51, max: 200 }],
    ['200 to 51', { min: 51, max: 200 }],
    ['1,001-5,000', { min: 1001, max: 5000 }],
    ['1 001 - 5 000', { min: 1001, max: 5000 }],
    ['10001+', { min: 10001, max: null }],
    ['more than 500', { min: 500, max: null }],
    ['up to 50', { min: 1, max: 50 }],
    ['<50', { min: 1, max: 50 }],
    ['7', { min: 7, max: 7 }],
    ['large', null],
    ['', null],
  ])('%s', (said, size) => {
    const { audience, notUnderstood } = audienceOf({ companySizes: [said] });
    expect(audience.sizes).toEqual(size === null ? [] : [size]);
    expect(notUnderstood).toEqual(size === null ? [said] : []);
    expect(namesSomebody(audience)).toBe(size !== null);
  });
});

test('a targeting without a word names nobody', () => {
  expect(namesSomebody(audienceOf({}).audience)).toBe(false);
  expect(namesSomebody(audienceOf({ titles: [], locations: ['Perth'] }).audience)).toBe(true);
});

describe('PACE-2: a few days ahead, never the whole month', () => {
  test.each([
    [{ waiting: 0, perDay: 20, daysAhead: 3 }, 60],
    [{ waiting: 59, perDay: 20, daysAhead: 3 }, 1],
    [{ waiting: 60, perDay: 20, daysAhead: 3 }, 0],
    [{ waiting: 500, perDay: 20, daysAhead: 3 }, 0],
    [{ waiting: 0, perDay: 1.5, daysAhead: 3 }, 5],
    [{ waiting: 0, perDay: 0, daysAhead: 3 }, 0],
    [{ waiting: 0, perDay: -4, daysAhead: 3 }, 0],
    [{ waiting: 0, perDay: 1_000, daysAhead: 3 }, 500],
  ])('%j → %i', (stock, wanted) => {
    expect(leadsToSource(stock)).toBe(wanted);
  });
});
