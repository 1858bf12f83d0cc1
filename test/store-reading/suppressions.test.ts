import { canonical } from '../../domain/canonical';
import { leadSuppressionHashes, suppressionHash, type SuppressionKind } from '../../store/leads/suppressions';

const key = 'a key for tests that is long enough';

describe('one spelling for every spelling', () => {
  const table: [SuppressionKind, string, string][] = [
    ['email', ' Jane@ACME.example ', 'jane@acme.example'],
    ['domain', 'https://www.Acme.example/about?x=1', 'acme.example'],
    ['domain', '@acme.example', 'acme.example'],
    ['domain', 'acme.example.', 'acme.example'],
    ['phone', '+61 (491) 570-006', '+61491570006'],
    ['linkedin', 'https://au.linkedin.com/in/Jane-Doe/?trk=x', 'linkedin.com/in/jane-doe'],
    ['linkedin', 'linkedin.com/in/j%C3%BCrgen', 'linkedin.com/in/jürgen'],
    ['linkedin', 'https://www.linkedin.com/in/100%', 'linkedin.com/in/100%'],
  ];
  test.each(table)('%s %j is %j', (kind, value, normal) => {
    expect(canonical(kind, value)).toBe(normal);
    expect(suppressionHash(key, kind, value)).toBe(suppressionHash(key, kind, normal));
  });
});

test('a hash depends on the key and on the kind, and does not show the value', () => {
  const hash = suppressionHash(key, 'email', 'jane@acme.example');
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(suppressionHash('another key for tests, long enough', 'email', 'jane@acme.example')).not.toBe(hash);
  expect(suppressionHash(key, 'domain', 'jane@acme.example')).not.toBe(hash);
});

describe('what blocks a lead', () => {
  const lead = {
    email: 'jane@mail.acme.example',
    companyDomain: 'acme.group.example',
    phone: '+61255501234',
    mobile: '+61491570006',
    linkedinUrl: 'https://www.linkedin.com/in/jane-doe',
  };
  const blocks = (kind: SuppressionKind, value: string): boolean =>
    leadSuppressionHashes(key, lead).includes(suppressionHash(key, kind, value));

  test.each<[SuppressionKind, string, boolean]>([
    ['email', 'Jane@mail.acme.example', true],
    ['email', 'john@mail.acme.example', false],
    ['domain', 'mail.acme.example', true],
    ['domain', 'acme.example', true],
    ['domain', 'group.example', true],
    ['domain', 'example', false],
    ['domain', 'other.acme.example', false],
    ['phone', '+61 2 5550 1234', true],
    ['phone', '+61491570006', true],
    ['linkedin', 'linkedin.com/in/JANE-DOE', true],
    ['linkedin', 'linkedin.com/in/jane', false],
  ])('%s %s: %p', (kind, value, expected) => {
    expect(blocks(kind, value)).toBe(expected);
  });

  test('a lead with an address alone has hashes of it and its domains alone', () => {
    const bare = { email: 'a@acme.example', companyDomain: null, phone: null, mobile: null, linkedinUrl: null };
    expect(leadSuppressionHashes(key, bare)).toHaveLength(2);
  });
});
