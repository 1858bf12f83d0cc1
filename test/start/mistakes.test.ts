import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError } from '../../runtime/config';
import { readDemoOptions } from '../../scripts/demo/options';
import { holdData } from '../../scripts/start/hold-data';
import { whenEnded } from '../../scripts/start/part-ended';
import { openSecrets } from '../../scripts/start/secrets';
import { startStack } from '../../scripts/start/stack';
import { UserError } from '../../scripts/user-error';

const folder = mkdtempSync(path.join(tmpdir(), 'agency-os-mistakes-'));
const file = path.join(folder, 'a-file');
const leads = path.join(folder, 'leads.csv');
const within = path.join(folder, 'a-folder');
writeFileSync(file, '');
writeFileSync(leads, 'email\n');
mkdirSync(within);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is said before anything starts: no stack, but the option and what to do. */
describe('mistakes at the keyboard', () => {
  test.each([
    ['--leads', ['--leads', within], /is a folder; name a file in it/],
    ['--leads', ['--leads', ''], /is a folder; name a file in it/],
    ['--setup', ['--leads', leads, '--setup', within], /is a folder; name a file in it/],
    ['--out', ['--leads', leads, '--out', file], /no folder can be made at .*EEXIST.*name another one/],
    ['--out', ['--leads', leads, '--out', path.join(file, 'below')], /no folder can be made/],
  ])('npm run demo %s: %j', (option, args, said) => {
    const read = () => readDemoOptions(args, folder);
    expect(read).toThrow(UserError);
    expect(read).toThrow(said);
    expect(read).toThrow(new RegExp(`^${option}: `));
  });

  test('npm run demo --source needs no file, and takes none', () => {
    const out = ['--out', path.join(within, 'out')];
    expect(readDemoOptions(['--source', ...out], folder)).toMatchObject({ leads: { file: null }, days: 30 });
    expect(() => readDemoOptions(['--source', '--leads', leads, ...out], folder)).toThrow(/keep one of the two/);
    expect(() => readDemoOptions(['--source=60', ...out], folder)).toThrow(UserError);
  });

  test('npm start --data of a file', async () => {
    await expect(holdData(file)).rejects.toThrow(UserError);
    await expect(holdData(file)).rejects.toThrow(/--data DIR/);
  });

  test('npm start with a port that is none says so before anything starts', async () => {
    const secrets = openSecrets(within, 'simulated');
    const ports = { api: null, temporal: null, ui: null };
    const choice = { kind: 'simulated' as const, configured: [], missing: [] };
    const stops: (() => Promise<void>)[] = [];
    const plan = { root: folder, data: within, env: { API_PORT: 'abc' }, choice, secrets, ports };
    const start = startStack({ ...plan, say: () => undefined, goOn: () => undefined }, stops);
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(/API_PORT: is not valid; set a port/);
    expect(stops).toEqual([]);
  });

  test('a part that ends while nobody listens yet does not end the process', async () => {
    const heard: unknown[] = [];
    const note = (reason: unknown): void => void heard.push(reason);
    process.on('unhandledRejection', note);
    const ended = whenEnded('the simulator', Promise.resolve());
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', note);
    expect(heard).toEqual([]);
    await expect(ended).rejects.toThrow('the simulator ended by itself');
  });
});
