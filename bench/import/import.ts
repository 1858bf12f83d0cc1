import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApiKey } from '../../store/tenants/api-keys';
import { monday } from '../capacity/booking';
import { startCaller, type WebhookCaller } from '../http/caller';
import { listenApi } from '../http/servers';
import { atMost, rowOf } from '../rows';
import { median, type Measured } from '../rounds';
import type { BenchRun } from '../run';
import { agencyAt, createAgencies } from '../world/agencies';
import { copyAgain } from './copy-again';
import { leadsFile } from './leads-file';

/** A file of leads through the API, against a bare COPY of the same rows into the same tables. */
export async function measureImport(run: BenchRun): Promise<void> {
  const { sizes, report } = run;
  const folder = mkdtempSync(path.join(tmpdir(), 'agency-os-bench-'));
  const bodyFile = path.join(folder, 'leads.csv');
  const file = leadsFile(sizes.importRows);
  writeFileSync(bodyFile, file);
  const caller = startCaller();
  const imports: Measured = { latencies: [], medians: [], rates: [] };
  const copies: Measured = { latencies: [], medians: [], rates: [] };
  const megabytes: number[] = [];
  try {
    // The first round warms up, and does not count.
    for (let round = 0; round <= sizes.importRounds; round += 1) {
      report.progress(`importing ${sizes.importRows} leads, round ${round} …`);
      const { took, copied, peak } = await importOnce(run, { caller, bodyFile });
      if (round === 0) continue;
      note(imports, took, sizes.importRows);
      note(copies, copied, sizes.importRows);
      megabytes.push(peak / 1024 / 1024);
    }
  } finally {
    caller.stop();
    rmSync(folder, { recursive: true });
  }
  report.add(
    rowOf({
      part: 'import',
      what: `import ${sizes.importRows} leads`,
      measured: imports,
      floor: { what: 'COPY of the same rows into the same tables', measured: copies },
      verdicts: ({ ratio }) => [atMost('× COPY', ratio, 3), atMost('more memory', Math.max(...megabytes), 300, ' MB')],
      more: {
        'leads/s': Math.round(median(imports.rates)),
        'file, MB': (file.length / 1024 / 1024).toFixed(1),
      },
    }),
  );
}

/**
 * Imports a file into a world of its own, and copies its rows into another one: milliseconds, and bytes. Tables that were
 * emptied keep statistics that nobody would meet.
 */
async function importOnce(
  { server, sizes }: BenchRun,
  { caller, bodyFile }: { caller: WebhookCaller; bodyFile: string },
): Promise<{ took: number; copied: number; peak: number }> {
  const [world, other] = [await server.createWorld(), await server.createWorld()];
  const group = { name: 'import', agencies: 1 };
  const { clientId } = agencyAt(group, 0);
  for (const { fill } of [world, other]) await fill((filler) => createAgencies(filler, group));
  const { database } = world;
  const { id } = await database.campaign.create({ data: { clientId, name: 'Import', targeting: {} } });
  await other.database.campaign.create({ data: { id, clientId, name: 'Import', targeting: {} } });
  const key = { clientId, name: 'bench', scopes: ['read', 'write'], expiresAt: null, now: monday };
  const { secret } = await createApiKey(database, key);
  const api = await listenApi(database);
  try {
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'text/csv' };
    const request = { path: `/v1/campaigns/${id}/leads`, bodyFile, headers };
    const { peak, result } = await watchingMemory(() =>
      caller.call({ origin: api.origin, connections: 1, requests: [request] }),
    );
    const copied = await copyAgain({ from: world.url, to: other.url, rows: sizes.importRows });
    return { took: result.latencies[0] ?? NaN, copied, peak };
  } finally {
    await api.stop();
    await world.close();
    await other.close();
  }
}

function note(measured: Measured, milliseconds: number, rows: number): void {
  measured.latencies.push(milliseconds);
  measured.medians.push(milliseconds);
  measured.rates.push(rows / (milliseconds / 1000));
}

/** Resident bytes that this process took more than before, at their peak, looked at every few milliseconds. */
async function watchingMemory<T>(work: () => Promise<T>): Promise<{ peak: number; result: T }> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = (): void => void (peak = Math.max(peak, process.memoryUsage.rss()));
  const timer = setInterval(look, 10);
  try {
    const result = await work();
    look();
    return { peak: peak - before, result };
  } finally {
    clearInterval(timer);
  }
}
