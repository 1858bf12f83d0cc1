import type { Database } from '../../../store/database';
import { createSql } from '../../../store/sql';
import { databaseChecks } from '../../../store/verification/checks';
import { withSnapshot } from '../../../store/verification/snapshot';
import { verifyDatabase } from '../../../store/verification/verify-database';
import { checkedOf, violationsOf } from '../../../verification/report';
import { createTestDatabase } from '../../support/database';
import { tamperings } from './tampering';
import { livePast, type PastWorld } from './world';

jest.mock('@temporalio/activity', () => ({ heartbeat: jest.fn() }));

let database: Database;
let drop: () => Promise<void>;
let world: PastWorld;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  world = await livePast(database);
}, 60_000);
afterAll(() => drop());

test('what the engine has done keeps every promise, and every check saw some of it', async () => {
  const report = await withSnapshot(database, (sql) => verifyDatabase(sql));
  expect(violationsOf(report)).toEqual([]);
  expect(checkedOf(report)).toHaveLength(databaseChecks.length);
  for (const { name, lookedAt } of checkedOf(report)) {
    expect([name, Object.values(lookedAt).every((count) => count > 0)]).toEqual([name, true]);
  }
  expect(report.uncertain).toEqual([{ reason: 'outcome unknown: timeout', count: 1 }]);
});

test('a place that was learned anew is no reason to judge what was sent before', async () => {
  const where = { id: world.whole };
  const { leadId } = await database.enrollment.findUniqueOrThrow({ where });
  const rows = [`UPDATE lead SET timezone = 'Europe/London', call_timezone = 'Europe/London' WHERE id = '${leadId}'`];
  expect((await tampered(rows)).filter((text) => text.startsWith('TIME-'))).toEqual([]);
});

describe('each lie is seen by its check', () => {
  test.each(tamperings)('$check: $what', async ({ check, says, tamper }) => {
    const own = (await tampered(tamper(world))).filter((line) => line.startsWith(`${check}: `));
    expect(own.join('\n')).toMatch(says);
  });

  test('every check has one', () => {
    expect(new Set(tamperings.map(({ check }) => check))).toEqual(new Set(databaseChecks.map(({ id }) => id)));
  });
});

test('a snapshot sees nothing of what is written meanwhile, and can write nothing itself', async () => {
  await withSnapshot(database, async (sql) => {
    const count = async (): Promise<unknown> => (await sql`SELECT count(*) AS clients FROM client`)[0];
    const before = await count();
    await database.client.create({ data: { name: 'Late', timezone: 'UTC', country: 'GB', tier: 'ignition' } });
    expect(await count()).toEqual(before);
    await expect(sql`UPDATE client SET name = 'x'`).rejects.toThrow('read-only');
  });
  expect(await database.client.count({ where: { name: { not: 'x' } } })).toBeGreaterThan(1);
});

/** The violations that the checks find after these statements, which are undone. */
async function tampered(statements: readonly string[]): Promise<string[]> {
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    // Lies need no permission of foreign keys.
    await client.query('SET LOCAL session_replication_role = replica');
    for (const statement of statements) await client.query(statement);
    return violationsOf(await verifyDatabase(createSql(client)));
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}
