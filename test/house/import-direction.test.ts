import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..', '..');

/** [folder, fixture, the rules that refuse it there] */
const cases: [string, string, string[]][] = [
  ['domain', 'wrong-import-of-store', ['house/import-direction']],
  ['workflows', 'wrong-import-of-store', ['house/import-direction']],
  ['providers', 'wrong-import-of-store', ['house/import-direction']],
  ['simulator', 'wrong-import-of-store', ['house/import-direction']],
  ['verification', 'wrong-import-of-store', ['house/import-direction']],
  ['activities', 'wrong-import-of-store', []],
  ['providers/smtp', 'wrong-import-of-store', []], // there ../store is providers/store
  ['domain', 'wrong-import-of-node', ['house/import-direction']],
  ['workflows', 'wrong-import-of-node', ['house/import-direction']],
  ['activities', 'wrong-import-of-node', []],
  ['api', 'wrong-import-of-workflow', ['house/import-direction']],
  ['store', 'wrong-import-of-workflow', ['house/import-direction']],
  ['workers', 'wrong-import-of-workflow', []],
  ['workflows', 'wrong-import-of-activities', ['house/import-direction']],
  ['workflows', 'right-import-of-types', []],
  ['domain', 'right-import-of-types', ['house/import-direction']],
  ...['domain', 'store', 'activities', 'api', 'scripts'].map((folder): [string, string, string[]] => [
    folder,
    'wrong-reading-of-time',
    ['no-restricted-syntax'],
  ]),
  ['runtime/utils', 'wrong-import-of-node', ['house/meaningful-folders']],
  ...['activities', 'api', 'workers', 'scripts'].map((folder): [string, string, string[]] => [
    folder,
    'wrong-query',
    ['house/queries-in-store', 'house/queries-in-store'],
  ]),
  ['store', 'wrong-query', []],
];

/** Lints every fixture with the project's own configuration, as if it lay in its folder; one process for all. */
const lintAll = `
  import { ESLint } from 'eslint';
  import { readFileSync } from 'node:fs';
  const eslint = new ESLint();
  const verdicts = [];
  for (const { code, filePath } of JSON.parse(readFileSync(0, 'utf8'))) {
    const [result] = await eslint.lintText(code, { filePath });
    verdicts.push(result.messages.filter((message) => message.severity === 2).map((message) => message.ruleId));
  }
  console.log(JSON.stringify(verdicts));`;

const fixture = (name: string): string => readFileSync(path.join(__dirname, 'fixtures', `${name}.ts.txt`), 'utf8');
const env = { ...process.env, LINT_WITHOUT_TYPES: '1' };

describe('imports point one way, only the clock reads the time, and queries stay in store/', () => {
  let verdicts: string[][];

  beforeAll(() => {
    const input = cases.map(([folder, name]) => ({ code: fixture(name), filePath: `${folder}/fixture.ts` }));
    const args = ['--input-type=module', '-e', lintAll];
    const { stdout } = spawnSync(process.execPath, args, {
      cwd: root,
      input: JSON.stringify(input),
      encoding: 'utf8',
      env,
    });
    verdicts = JSON.parse(stdout) as string[][];
  });

  test.each(cases.map(([folder, name, rules], at) => ({ folder, name, rules, at })))(
    'in $folder, $name: $rules',
    ({ rules, at }) => {
      expect(verdicts[at]).toEqual(rules);
    },
  );
});

test.each([
  ['domain', 1],
  ['activities', 0],
])('the linter as `npm run lint` runs it ends with the right exit code in %s', (folder, exitCode) => {
  const eslint = path.join(root, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const args = [eslint, '--max-warnings', '0', '--stdin', '--stdin-filename', `${folder}/fixture.ts`];
  const input = fixture('wrong-import-of-store');
  expect(spawnSync(process.execPath, args, { cwd: root, input, env }).status).toBe(exitCode);
});
