import { sizeRange, targetsIndustry, targetsLocation, targetsSize, targetsTitle } from '../../domain/targeting';

test.each<[string, string, boolean]>([
  ['Software', 'software', true],
  ['Software', 'Computer Software', true],
  ['Hospitality & Tourism', 'Hospitality', true],
  ['Café', 'cafes', true],
  ['Financial Services', 'financial-service', true],
  ['Financial Services', 'Legal Services', false],
  ['Marketing Agency', 'Marketing & Advertising', false],
  ['', 'Software', false],
])('the industry "%s" takes in "%s": %s', (target, industry, expected) => {
  expect(targetsIndustry([target], industry)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ['Head of Sales', 'Senior Head of Sales, APAC', true],
  ['Head of Sales', 'Sales Head', true],
  ['Head of Sales', 'VP Sales', false],
  ['CEO', 'Chief Executive Officer', true],
  ['Vice President Marketing', 'VP, Marketing', true],
  ['Founder', 'Co-Founder & CEO', true],
  ['Geschäftsführer', 'geschaftsfuhrer', true],
  ['Marketing Director', 'Director', false],
  ['Constructor', 'Constructor of Boats', true],
  ['toString', 'Constructor', false],
])('the title "%s" takes in "%s": %s', (target, title, expected) => {
  expect(targetsTitle([target], title)).toBe(expected);
});

test.each<[string, [number, number] | null]>([
  ['11-50', [11, 50]],
  ['11 – 50 employees', [11, 50]],
  ['1,001 to 5,000', [1001, 5000]],
  ['1.001-5.000', [1001, 5000]],
  ['1K-5K', [1000, 5000]],
  ['35 employees', [35, 35]],
  ['10001+', [10001, Infinity]],
  ['more than 500', [500, Infinity]],
  ['under 50', [0, 50]],
  ['up to 10', [0, 10]],
  ['many', null],
  ['', null],
])('"%s" is %j employees', (text, range) => {
  expect(sizeRange(text)).toEqual(range && { from: range[0], to: range[1] });
});

test.each<[string, string, boolean]>([
  ['11-50', '35', true],
  ['11-50', '11-50', true],
  ['11-50', '51-200', false],
  ['500+', '10,001', true],
  ['11-50', 'a few', false],
])('the size "%s" takes in "%s": %s', (target, size, expected) => {
  expect(targetsSize([target], size)).toBe(expected);
});

const sydney = { city: 'Sydney', state: 'New South Wales', country: 'Australia' };
const zurich = { city: 'Zürich', state: null, country: 'CH' };
test.each<[string, object, boolean]>([
  ['Australia', sydney, true],
  ['AU', sydney, true],
  ['NSW', sydney, true],
  ['Greater Sydney Area', sydney, true],
  ['Sydney, NSW, Australia', sydney, true],
  ['Sydney, Victoria', sydney, false],
  ['Melbourne', sydney, false],
  ['ANZ', sydney, true],
  ['Europe', sydney, false],
  ['Zurich', zurich, true],
  ['Switzerland', zurich, true],
  ['DACH', zurich, true],
  ['europe', zurich, true],
  ['California', { city: null, state: 'CA', country: 'United States' }, true],
  ['Kansas', { city: 'Kansas City', state: 'MO', country: 'US' }, false],
  ['Atlantis', { city: null, state: null, country: 'Atlantis' }, true],
  ['constructor', sydney, false],
  ['', sydney, false],
  [',', sydney, false],
])('the place "%s" takes in %j: %s', (target, place, expected) => {
  expect(targetsLocation([target], place)).toBe(expected);
});

test('one of several targets is enough, none is not', () => {
  expect(targetsIndustry(['Retail', 'Software'], 'Software')).toBe(true);
  expect(targetsIndustry([], 'Software')).toBe(false);
});
