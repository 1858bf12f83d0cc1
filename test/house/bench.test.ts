import { partNames, runBench } from '../../bench/bench';
import { tableOf } from '../../bench/report';

describe('npm run bench', () => {
  test.each(partNames)('%s runs at tiny size and gives its rows', async (part) => {
    const rows = await runBench({ parts: [part], size: 'tiny', durable: false });
    expect(rows.length).toBeGreaterThan(0);
    for (const row of JSON.parse(JSON.stringify(rows)) as typeof rows) {
      expect(row).toMatchObject({ part, what: expect.any(String) as string, more: expect.any(Object) as object });
      // null is what JSON makes of a number that is none.
      for (const number of [row.n, row.p50, row.p95, row.p99]) expect(number).toBeGreaterThan(0);
      if (part !== 'plans') expect(row.rate).toBeGreaterThan(0);
      if (row.floor === null) continue;
      for (const number of [row.floor.p50, row.floor.rate, row.ratio]) expect(number).toBeGreaterThan(0);
    }
    expect(tableOf(rows)).toContain(rows[0]?.what);
  });
});
