import fc from 'fast-check';
import { scoreOf, scoreTable, type ScoreContext, type ScoreFacts } from '../../domain/score';

/** Everything that speaks for a lead. */
const best: ScoreFacts = {
  email: 'jane@acme.example',
  emailVerified: true,
  hasPhone: true,
  hasLinkedin: true,
  hasPersonalEmail: true,
  title: 'Founder',
  industry: 'Computer Software',
  companySize: '35 employees',
  place: { city: 'Sydney', state: 'NSW', country: 'Australia' },
  roleStartedOn: '2026-01-15',
  isHiring: true,
  fundedOn: '2025-09-01',
  bouncedBefore: false,
  isAtCompetitor: false,
  unsubscribedBefore: false,
};
const context: ScoreContext = {
  targeting: { industries: ['Software'], titles: ['Founder'], companySizes: ['11-50'], locations: ['Australia'] },
  today: '2026-03-02',
};
/** Nothing is known but the address. */
const unknown: ScoreFacts = {
  ...best,
  emailVerified: null,
  hasPhone: false,
  hasLinkedin: false,
  hasPersonalEmail: null,
  title: null,
  industry: null,
  companySize: null,
  place: {},
  roleStartedOn: null,
  isHiring: null,
  fundedOn: null,
  isAtCompetitor: null,
};
const itemsOf = (facts: ScoreFacts, at = context) => scoreOf(facts, at).parts.flatMap(({ items }) => items);
const pointsOf = (facts: ScoreFacts, at = context) =>
  Object.fromEntries(itemsOf(facts, at).map(({ item, points }) => [item, points]));

describe('ACC-3: the table of the score', () => {
  test('the parts add up to 100, and their lines to them', () => {
    expect(scoreTable.map(({ part, maximum }) => [part, maximum])).toEqual([
      ['dataQuality', 20],
      ['authority', 25],
      ['companyFit', 25],
      ['timing', 15],
      ['risk', 15],
    ]);
    for (const { maximum, start, lines } of scoreTable) {
      expect(start + lines.reduce((sum, { most }) => sum + Math.max(0, most), 0)).toBe(maximum);
    }
    expect(scoreOf(best, context).total).toBe(100);
  });

  test.each<[string, Partial<ScoreFacts>, number]>([
    ['e-mail not verified', { emailVerified: false }, -8],
    ['no phone', { hasPhone: false }, -6],
    ['no LinkedIn', { hasLinkedin: false }, -4],
    ['no personal e-mail', { hasPersonalEmail: false }, -2],
    ['C-level, not targeted', { title: 'CFO' }, -3 - 5],
    ['vice president, not targeted', { title: 'VP Sales' }, -7 - 5],
    ['other title, not targeted', { title: 'Analyst' }, -22 - 5],
    ['another industry', { industry: 'Retail' }, -10],
    ['another size', { companySize: '51-200' }, -8],
    ['another place', { place: { country: 'Germany' } }, -7],
    ['six months in the role', { roleStartedOn: '2025-09-02' }, -6],
    ['a day less than six months in the role', { roleStartedOn: '2025-09-03' }, 0],
    ['a role that begins tomorrow', { roleStartedOn: '2026-03-03' }, -6],
    ['not hiring', { isHiring: false }, -5],
    ['funded a year ago', { fundedOn: '2025-03-02' }, -4],
    ['funded a day less than a year ago', { fundedOn: '2025-03-03' }, 0],
    ['bounced before', { bouncedBefore: true }, -8],
    ['at a competitor', { isAtCompetitor: true }, -10],
    ['role address', { email: 'info@acme.example' }, -5],
    ['free mail', { email: 'jane@gmail.com' }, -5],
    ['everything risky: not below 0', { bouncedBefore: true, isAtCompetitor: true, email: 'jane@gmail.com' }, -15],
  ])('%s', (_, changes, loss) => {
    expect(scoreOf({ ...best, ...changes }, context).total).toBe(100 + loss);
  });

  test('what is unknown gives 0, takes nothing, and says so', () => {
    const items = itemsOf(unknown);
    expect(items.every(({ points }) => points === 0)).toBe(true);
    expect(items.filter(({ known }) => known).map(({ item }) => item)).toEqual(['bounced', 'addressKind']);
    expect(items.every(({ reason }) => reason !== '')).toBe(true);
    expect(scoreOf(unknown, context).total).toBe(15);
  });

  test('a list of the targeting that is empty excludes nobody', () => {
    const everyone = { industries: [], titles: [], companySizes: [], locations: [] };
    const at = { ...context, targeting: everyone };
    expect(itemsOf(best, at).find(({ item }) => item === 'size')?.reason).toBe('the campaign leaves it open');
    expect(pointsOf(unknown, at)).toMatchObject({ industry: 10, size: 8, location: 7, titleNotTargeted: 0 });
    expect(pointsOf(best, { ...context, targeting: null })).toMatchObject({ industry: 0, size: 0, location: 0 });
  });

  test('whoever unsubscribed before is excluded', () => {
    const score = scoreOf({ ...best, unsubscribedBefore: true }, context);
    expect(score.total).toBe(0);
    expect(score.parts.flatMap(({ items }) => items).every(({ reason }) => reason.startsWith('excluded'))).toBe(true);
  });
});

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const day = fc.date({ min: new Date('2024-01-01'), max: new Date('2027-01-01'), noInvalidDate: true });
const date = day.map((at) => at.toISOString().slice(0, 10));
const words = fc.oneof(fc.string(), fc.constantFrom('CEO', 'Sales Manager', 'Software', '11-50', '35', 'Sydney', 'AU'));
const anyFacts: fc.Arbitrary<ScoreFacts> = fc.record({
  email: fc.oneof(fc.emailAddress(), fc.constantFrom('info@acme.example', 'jane@gmail.com', 'nobody')),
  emailVerified: maybe(fc.boolean()),
  hasPhone: fc.boolean(),
  hasLinkedin: fc.boolean(),
  hasPersonalEmail: maybe(fc.boolean()),
  title: maybe(words),
  industry: maybe(words),
  companySize: maybe(words),
  place: fc.record({ city: maybe(words), state: maybe(words), country: maybe(words) }),
  roleStartedOn: maybe(date),
  isHiring: maybe(fc.boolean()),
  fundedOn: maybe(date),
  bouncedBefore: fc.boolean(),
  isAtCompetitor: maybe(fc.boolean()),
  unsubscribedBefore: fc.boolean(),
});
const list = fc.array(words, { maxLength: 3 });
const anyContext: fc.Arbitrary<ScoreContext> = fc.record({
  targeting: maybe(fc.record({ industries: list, titles: list, companySizes: list, locations: list })),
  today: date,
});

describe('whatever is known of a lead', () => {
  test('the score is the sum of its parts, each within its bounds', () => {
    fc.assert(
      fc.property(anyFacts, anyContext, (facts, at) => {
        const { total, parts } = scoreOf(facts, at);
        expect(Number.isInteger(total) && total >= 0 && total <= 100).toBe(true);
        expect(parts.reduce((sum, { points }) => sum + points, 0)).toBe(total);
        for (const { points, maximum, items } of parts) {
          expect(points >= 0 && points <= maximum).toBe(true);
          for (const { points: given, most, known } of items) {
            expect(Math.abs(given) <= Math.abs(most) && given * most >= 0 && (known || given === 0)).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  const better: [string, Partial<ScoreFacts>][] = [
    ['a verified e-mail', { emailVerified: true }],
    ['a phone', { hasPhone: true }],
    ['a profile', { hasLinkedin: true }],
    ['a personal e-mail', { hasPersonalEmail: true }],
    ['a company that hires', { isHiring: true }],
  ];
  test.each(better)('%s never lowers it', (_, changes) => {
    fc.assert(
      fc.property(anyFacts, anyContext, (facts, at) => {
        expect(scoreOf({ ...facts, ...changes }, at).total).toBeGreaterThanOrEqual(scoreOf(facts, at).total);
      }),
    );
  });

  const worse: [string, Partial<ScoreFacts>][] = [
    ['a bounce', { bouncedBefore: true }],
    ["a competitor's domain", { isAtCompetitor: true }],
    ['an opt-out', { unsubscribedBefore: true }],
    ['the address of a role', { email: 'info@acme.example' }],
    ['an industry that is forgotten', { industry: null }],
  ];
  test.each(worse)('%s never raises it', (_, changes) => {
    fc.assert(
      fc.property(anyFacts, anyContext, (facts, at) => {
        expect(scoreOf({ ...facts, ...changes }, at).total).toBeLessThanOrEqual(scoreOf(facts, at).total);
      }),
    );
  });
});
