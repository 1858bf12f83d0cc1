import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findTemporalServer } from '../../embedded/temporal-executables';

describe('where a Temporal server is taken from', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'agency-os-find-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function executable(place: string, name: string): string {
    mkdirSync(path.join(folder, place), { recursive: true });
    const file = path.join(folder, place, name);
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o755);
    return file;
  }

  const given = executable('given', 'my-temporal');
  const onPath = executable('bin', 'temporal');
  const cached = executable('cache', 'temporal');
  const cache = path.join(folder, 'cache');
  const PATH = path.join(folder, 'bin');

  test.each([
    ['the path in the environment', { TEMPORAL_CLI_PATH: given, PATH }, given, 'from TEMPORAL_CLI_PATH'],
    ['PATH', { PATH: `/nowhere:${PATH}` }, onPath, 'on PATH'],
    ['the cache', { PATH: '/nowhere' }, cached, 'from the cache'],
  ])('%s', async (_place, env, file, origin) => {
    const report: string[] = [];
    expect(await findTemporalServer('cli', { env, cache, report: (line) => report.push(line) })).toBe(file);
    expect(report).toEqual([`Temporal dev server: ${file} (${origin})`]);
  });

  test('a path in the environment that leads nowhere is refused, not passed over', async () => {
    const env = { TEMPORAL_CLI_PATH: '/nowhere/temporal', PATH };
    await expect(findTemporalServer('cli', { env, cache })).rejects.toThrow('TEMPORAL_CLI_PATH is /nowhere/temporal');
  });
});
