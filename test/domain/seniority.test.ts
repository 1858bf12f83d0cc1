import { authority, seniorityOf, type Seniority } from '../../domain/seniority';

test.each<[Seniority, string[]]>([
  ['owner', ['Owner', 'CEO', 'C.E.O.', 'Co-Founder & CTO', 'Chief Executive Officer', 'Managing Director', 'Partner']],
  [
    'owner',
    ['Geschäftsführerin', 'GESCHAEFTSFUEHRER', 'Directeur Général', 'Director General', 'Prezes Zarządu', 'VD'],
  ],
  ['cLevel', ['Chief Marketing Officer', 'CFO', 'President', 'Chief People & Culture Officer', 'Vorstand']],
  [
    'vicePresident',
    ['VP Sales', 'Vice President, Marketing', 'Senior Vice-President', 'SVP', 'Assistant Vice President'],
  ],
  ['director', ['Director of Sales', 'Head of Growth', 'Senior Director', 'Leiter Vertrieb', 'Directrice commerciale']],
  ['seniorManager', ['Senior Manager', 'Sr. Marketing Manager', 'Senior Product Manager', 'General Manager']],
  ['manager', ['Marketing Manager', 'Office Manager', 'Account Manager', 'Gerente de Ventas']],
  ['other', ['Analyst', 'Account Executive', 'Product Owner', 'HR Business Partner', 'Founding Engineer', '営業', '?']],
  ['other', ['Assistant to the CEO', 'Office of the CEO', 'PA to Managing Director', 'Former VP Sales', 'Ex-Founder']],
])('%s: %j', (level, titles) => {
  expect(titles.map((title) => [title, seniorityOf(title)])).toEqual(titles.map((title) => [title, level]));
});

test('ACC-3: the points of the levels', () => {
  expect(Object.values(authority)).toEqual([25, 22, 18, 15, 10, 7, 3]);
});
