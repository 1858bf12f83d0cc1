import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { descendantsOf, leftAfter, spawnStart, startAndWait, type StartProcess } from './start-process';

/** Milliseconds; the machine may be busy with other tests. */
const patience = 240_000;

/** How the simulated providers are; those that only call us cannot be asked. */
const everybodyAnswers = {
  smtp: 'answers',
  twilio: 'answers',
  unipile: 'answers',
  clicksend: 'answers',
  mail: 'configured',
  mailforge: 'not configured',
  salesforge: 'answers',
  anthropic: 'answers',
  apollo: 'answers',
  apify: 'answers',
};

describe('npm start', () => {
  const data = mkdtempSync(path.join(tmpdir(), 'agency-os-start-'));
  const runs: StartProcess[] = [];
  let key: string;
  let campaignId: string;

  async function start(): Promise<StartProcess> {
    const run = await startAndWait(data);
    runs.push(run);
    return run;
  }

  afterAll(async () => {
    for (const { child, exited } of runs) {
      const started = descendantsOf(child.pid);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
      await leftAfter(started, 30_000);
    }
    rmSync(data, { recursive: true, force: true });
  });

  const ask = async (run: StartProcess, route: string, body?: unknown) => {
    const answer = await fetch(`${run.apiUrl()}${route}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  };

  test(
    'runs everything, shows a first key, lets nobody else on its data, and leaves nothing after Ctrl-C',
    async () => {
      const run = await start();
      key = run.key() ?? '';
      expect(key).toMatch(/^aos_/);
      expect(run.output()).toContain('Providers: simulated');
      expect(statSync(path.join(data, 'secrets.json')).mode & 0o777).toBe(0o600);
      expect(await ask(run, '/readyz')).toEqual({
        status: 200,
        json: { ready: true, database: true, temporal: true, providers: everybodyAnswers },
      });
      const ui = /Temporal Web UI +(http\S+)/.exec(run.output())?.[1] ?? '';
      expect((await fetch(ui)).status).toBe(200);

      const created = await ask(run, '/v1/campaigns', { name: 'Operations leaders' });
      expect(created.status).toBe(201);
      // All five channels are there: the first client has everything that it sends from.
      expect(created.json.sequence).toHaveLength(5);
      campaignId = String(created.json.id);
      const lead = { email: 'jo.park@kestrel-freight.example', country: 'Australia' };
      const imported = await ask(run, `/v1/campaigns/${campaignId}/leads`, { leads: [lead] });
      expect(imported.json).toMatchObject({ imported: 1 });
      expect((await ask(run, `/v1/campaigns/${campaignId}/activate`, {})).status).toBe(200);

      const second = spawnStart(data);
      expect(await second.exited).toBe(2);
      expect(second.output()).toContain(`npm start already runs on ${data}`);

      const started = descendantsOf(run.child.pid);
      expect(started.length).toBeGreaterThan(4);
      run.child.kill('SIGINT');
      expect(await run.exited).toBe(0);
      expect(await leftAfter(started, 5000)).toEqual([]);
    },
    patience,
  );

  test(
    'finds its data again, and ends as a whole when one part crashes',
    async () => {
      const run = await start();
      expect(run.key()).toBeNull();
      expect(run.output()).toContain('Lost? npm start -- --new-key');
      expect((await ask(run, `/v1/campaigns/${campaignId}`)).json).toMatchObject({
        name: 'Operations leaders',
        status: 'active',
      });

      const started = descendantsOf(run.child.pid);
      const simulator = started.find(({ command }) => command.includes('simulator/main.ts'));
      process.kill(simulator?.pid ?? NaN, 'SIGKILL');
      expect(await run.exited).toBe(1);
      expect(run.output()).toContain('the simulator ended by itself');
      expect(await leftAfter(started, 5000)).toEqual([]);
    },
    patience,
  );

  test(
    'leaves nothing when it is killed without a word',
    async () => {
      const run = await start();
      const started = descendantsOf(run.child.pid);
      run.child.kill('SIGKILL');
      expect(await leftAfter(started, 60_000)).toEqual([]);
    },
    patience,
  );
});
