import { withSnapshot } from '../../store/verification/snapshot';
import { verifyDatabase } from '../../store/verification/verify-database';
import { brokenOf, violationsOf, type Checked, type Finding } from '../../verification/report';
import { atMost, rowOf } from '../rows';
import type { BenchRun } from '../run';
import { createPast } from './past';

/** Every invariant over a database that holds all the touches there ever are. */
export async function measureVerify({ report, server, sizes }: BenchRun): Promise<void> {
  const world = await server.createWorld();
  report.progress(`making ${sizes.verified} touches …`);
  let touches = 0;
  await world.fill(async (filler) => void (touches = await createPast(filler, sizes.verified)));
  report.progress('verifying …');
  const before = process.memoryUsage().rss;
  const memory = watchMemory();
  const began = performance.now();
  let last = began;
  const slowest: { finding: Finding; milliseconds: number }[] = [];
  const verdict = await withSnapshot(world.database, (sql) =>
    verifyDatabase(sql, (finding) => {
      slowest.push({ finding, milliseconds: performance.now() - last });
      last = performance.now();
    }),
  );
  const took = performance.now() - began;
  const peak = memory.end();
  await world.close();
  const broken = brokenOf(verdict);
  if (broken.length > 0)
    throw new Error(`a good past is judged to be broken:\n${violationsOf({ findings: broken }).join('\n')}`);
  const measuredAs = (milliseconds: number) => ({
    latencies: [milliseconds],
    medians: [milliseconds],
    rates: [touches / (milliseconds / 1000)],
  });
  report.add(
    rowOf({
      part: 'verify',
      what: `every invariant over ${touches} touches`,
      measured: measuredAs(took),
      verdicts: () => [atMost('seconds', took / 1000, 60, ' s')],
      more: {
        invariants: verdict.findings.length,
        'memory MB': Math.round(peak / 1e6),
        'of it more MB': Math.max(0, Math.round((peak - before) / 1e6)),
      },
    }),
  );
  for (const { finding, milliseconds } of slowest.sort((x, y) => y.milliseconds - x.milliseconds).slice(0, 3)) {
    const { id, name } = finding as Checked;
    report.add(rowOf({ part: 'verify', what: `of these: ${id}, ${name}`, measured: measuredAs(milliseconds) }));
  }
}

/** The most memory that this process has used meanwhile, in bytes. */
function watchMemory(): { end(): number } {
  let peak = process.memoryUsage().rss;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 100);
  return {
    end: () => {
      clearInterval(timer);
      return Math.max(peak, process.memoryUsage().rss);
    },
  };
}
