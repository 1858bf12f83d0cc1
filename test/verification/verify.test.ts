import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checks } from '../../verification/checks';
import { violationsOf } from '../../verification/report';
import { readRun } from '../../verification/run';
import { verify, verifyRun } from '../../verification/verify';
import { knownPeople, setup } from '../end-to-end/people';
import { tamperings } from './tampering';

/** The logs of a run of the end-to-end test's people, as `npm run demo -- --out` wrote them, without the details. */
const recorded = path.join(__dirname, 'run');
const directory = mkdtempSync(path.join(tmpdir(), 'agency-os-verification-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function directoryOf(name: string, files: Record<string, string>): string {
  const copy = path.join(directory, name);
  cpSync(recorded, copy, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(path.join(copy, file), content);
  return copy;
}
const known = { 'setup.json': JSON.stringify(setup), 'people.json': JSON.stringify(knownPeople()) };
const whole = directoryOf('whole', known);

test('a good run keeps every promise', () => {
  const report = verifyRun(whole);
  expect(violationsOf(report)).toEqual([]);
  const lookedAt = { touches: 47, events: 31, leads: 14 };
  expect(report.findings).toEqual(
    checks.map(() => expect.objectContaining({ kind: 'checked', source: 'logs', lookedAt }) as object),
  );
});

describe('each lie is seen by its check', () => {
  test.each(tamperings)('$check: $what', ({ check, says, tamper }) => {
    const run = readRun(whole);
    tamper(run);
    const own = violationsOf(verify(run)).filter((line) => line.startsWith(`${check}: `));
    expect(own.join('\n')).toMatch(says);
  });

  test('every check has one', () => {
    expect(new Set(tamperings.map(({ check }) => check))).toEqual(new Set(checks.map(({ id }) => id)));
  });
});

test('each check has an id of its own', () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
});

describe('a run of which less is known', () => {
  test('keeps what can be checked and says what was left out', () => {
    const { findings } = verifyRun(directoryOf('bare', {}));
    const leftOut = findings.flatMap((one) => (one.kind === 'leftOut' ? [`${one.id} ${one.reason}`] : []));
    expect(leftOut).toEqual(
      ['TIME-2 people', 'TIME-3 people', 'TIME-5 people', 'LIM-1 setup', 'WARM-1 setup'].map(
        (one) => `${one}.json is missing`,
      ),
    );
    expect(violationsOf({ findings })).toEqual([]);
  });

  test.each(tamperings.filter(({ check }) => /^(SEQ|TIME-1|TIME-6|TRUTH-[15])/.test(check)))(
    'still sees $what',
    ({ check, says, tamper }) => {
      const run = { ...readRun(recorded), people: knownPeople() };
      tamper(run);
      const blind = { ...run, people: null };
      expect(
        violationsOf(verify(blind))
          .filter((line) => line.startsWith(check))
          .join('\n'),
      ).toMatch(says);
    },
  );
});

describe('logs that can’t be read prove nothing', () => {
  const line = { at: '2026-03-26T09:00:00Z', operation: 'send', resource: 'a', recipient: 'b', touchId: 'c' };
  test.each([
    ['no JSON', 'outbox.jsonl', '{"at":', /^outbox\.jsonl:1 is not JSON$/],
    ['a time that is none', 'outbox.jsonl', JSON.stringify({ ...line, outcome: 'accepted', at: 'noon' }), /:1: .*at/],
    ['a missing field', 'outbox.jsonl', `\n${JSON.stringify(line)}`, /^outbox\.jsonl:2: .*outcome/],
    ['a setup without a zone', 'setup.json', '{"client":{},"domains":[]}', /^setup\.json: .*timezone/],
  ])('%s', (what, file, content, message) => {
    expect(() => verifyRun(directoryOf(what, { [file]: content }))).toThrow(message);
  });
  test('a missing log', () => {
    expect(() => verifyRun(directory)).toThrow(/outbox\.jsonl/);
  });
});
