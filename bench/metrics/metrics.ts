import { rebuildMetrics } from '../../store/reports/refresh-metrics';
import { createApiKey } from '../../store/tenants/api-keys';
import type { Sql } from '../../store/sql';
import { monday } from '../capacity/booking';
import { listenApi } from '../http/servers';
import { atMost, rowOf } from '../rows';
import { takeTurns, type Measured, type TimedOperation } from '../rounds';
import type { BenchRun } from '../run';
import type { BenchWorld } from '../world/server';
import { campaigns, createYear } from './year';

/** MET for a client whose year holds all the touches there are: counting them, and asking for the tables. */
export async function measureMetrics(run: BenchRun): Promise<void> {
  const { report, server, sizes } = run;
  const touches = sizes.year;
  const world = await server.createWorld();
  report.progress(`making a year of ${touches} touches …`);
  const year = { clientId: '', campaignId: '', domainId: '' };
  await world.fill(async (filler) => void Object.assign(year, await createYear(filler, touches)));
  report.progress('counting them …');
  const counted = await countAll(world, year.clientId);
  await world.fill(async (filler) => void (await filler.query('VACUUM ANALYZE')));
  const measured: Measured = { latencies: [counted], medians: [counted], rates: [touches / (counted / 1000)] };
  const more = { 'touches/s': Math.round(touches / (counted / 1000)), sums: await sumsOf(world) };
  report.add(rowOf({ part: 'metrics', what: `count ${touches} touches from scratch`, measured, more }));
  report.progress('asking …');
  await measureQuestions(run, world, year);
  await world.close();
}

async function countAll({ database }: BenchWorld, clientId: string): Promise<number> {
  const began = performance.now();
  await rebuildMetrics(database, clientId, monday);
  return performance.now() - began;
}

async function sumsOf({ database }: BenchWorld): Promise<number> {
  return database.metricCount.count();
}

async function measureQuestions(
  { report, sizes }: BenchRun,
  { database }: BenchWorld,
  year: { clientId: string; campaignId: string; domainId: string },
): Promise<void> {
  const { clientId, campaignId, domainId } = year;
  const key = { clientId, name: 'bench', scopes: ['read'], expiresAt: null, now: monday };
  const { secret } = await createApiKey(database, key);
  const api = await listenApi(database);
  const ask =
    (path: string, steps = 5): TimedOperation =>
    async () => {
      const answer = await fetch(api.origin + path, { headers: { authorization: `Bearer ${secret}` } });
      const { replyRateByStep = [] } = (await answer.json()) as { replyRateByStep?: unknown[] };
      if (replyRateByStep.length !== steps)
        throw new Error(`${path} answered ${answer.status}, without ${steps} steps`);
    };
  const whole = '?from=2025-02-01&to=2026-02-28';
  const campaign = `/v1/campaigns/${campaignId}/metrics${whole}`;
  const questions = {
    'the year of the client': ask(`/v1/metrics${whole}`),
    'its year, after 100 leads changed': async (index: number) => {
      await change(database.sql, clientId, index);
      await ask(`/v1/metrics${whole}`)(index);
    },
    'its year, by week of admission': ask(`/v1/metrics${whole}&cohort=week`),
    [`one of its ${campaigns} campaigns`]: ask(campaign),
    // Only e-mails come from a domain.
    'one of its campaigns, from one domain': ask(`${campaign}&domainId=${domainId}`, 2),
  };
  const course = { rounds: sizes.rounds, perRound: sizes.perRound, writers: 1, warmUp: sizes.warmUp };
  const floor: TimedOperation = () => readSameRows(database.sql, clientId);
  const all = Object.assign({ floor }, questions);
  const results = await takeTurns(all, course).finally(() => api.stop());
  for (const [what, measured] of Object.entries(results)) {
    if (what === 'floor') continue;
    report.add(
      rowOf({
        part: 'metrics',
        what: `${what}, ${sizes.year} touches`,
        measured,
        floor: { what: "the client's sums added up by one statement", measured: results.floor },
        verdicts: ({ p99 }) => [atMost('p99', p99, 200, ' ms')],
      }),
    );
  }
}

/** The next hundred leads have an event more. */
async function change(sql: Sql, clientId: string, index: number): Promise<void> {
  await sql`
    INSERT INTO measure_due (client_id, lead_id)
    SELECT client_id, lead_id FROM (
      SELECT DISTINCT client_id, lead_id FROM touch_measure WHERE client_id = ${clientId}::uuid
        AND sent_on = date '2025-03-03' + ${index % 200}::int LIMIT 100) AS l`;
}

async function readSameRows(sql: Sql, clientId: string): Promise<void> {
  await sql`
    SELECT breakdown, key, sum(sent), sum(bounced), sum(opened), sum(replied), sum(stopped) FROM metric_count
    WHERE scope_id = ${clientId}::uuid GROUP BY 1, 2`;
}
