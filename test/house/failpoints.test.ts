import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { failpointNames, failpointsForm, readFailpoints } from '../../runtime/failpoints';

const root = path.join(__dirname, '..', '..');

/** Passes a failpoint five times in a process of its own. */
async function pass(failpoints: string | null): Promise<{ output: string; signal: string | null; tookMs: number }> {
  const script = `
    const { armFailpoints, failpoint } = require('./runtime/failpoints.ts');
    armFailpoints(${JSON.stringify(failpoints)});
    (async () => { for (let n = 1; n <= 5; n += 1) { await failpoint('claimed'); process.stdout.write(String(n)); } })();`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
  const began = performance.now();
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { output, signal, tookMs: performance.now() - began };
}

test('a process that was started without failpoints passes them', async () => {
  expect(await pass(null)).toMatchObject({ output: '12345', signal: null });
});

test('one that is armed kills the process at that very pass, and says so first', async () => {
  const { output, signal } = await pass('claimed=kill@3');
  expect(signal).toBe('SIGKILL');
  expect(output).toContain('12{"failpoint":"claimed","action":"kill"}');
  expect(output).not.toContain('3{');
});

test('another one is none of its business; a delay goes on', async () => {
  expect(await pass('answer-read=kill@1')).toMatchObject({ output: '12345', signal: null });
  const { output, tookMs } = await pass('claimed=delay:700@2,answer-read=kill@1');
  expect(output).toBe('1{"failpoint":"claimed","action":"delay"}\n2345');
  expect(tookMs).toBeGreaterThan(700);
});

test.each([
  'claimed',
  'claimed=kill',
  'claimed=kill@0',
  'claimed=burn@1',
  'nowhere=kill@1',
  'claimed=kill@1,',
  'claimed=delay@1',
])('%s is no failpoint', (text) => expect(text).not.toMatch(failpointsForm));

test('what is written is what is read', () => {
  expect(readFailpoints('claimed=stop@12,bytes-sent=delay:40@7')).toEqual([
    { name: 'claimed', action: { kind: 'stop' }, pass: 12 },
    { name: 'bytes-sent', action: { kind: 'delay', milliseconds: 40 }, pass: 7 },
  ]);
});

/** Every source file of the engine itself. */
function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(file);
    return entry.name.endsWith('.ts') ? [file] : [];
  });
}

test('each crash window has its failpoint in the code', () => {
  const code = ['activities', 'api', 'providers', 'store', 'workers']
    .flatMap(sources)
    .map((file) => readFileSync(path.join(root, file), 'utf8'))
    .join('\n');
  for (const name of failpointNames) expect(code).toContain(`failpoint('${name}')`);
});
