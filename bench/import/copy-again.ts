import { Client } from 'pg';
import { copyIn, copyOut } from './copy';

const tables = ['lead', 'enrollment', 'timeline_entry'] as const;

/**
 * Copies what was imported from one database into another by COPY, in one transaction and with every index and foreign key
 * at work. @returns the milliseconds of the transaction
 */
export async function copyAgain({ from, to, rows }: { from: string; to: string; rows: number }): Promise<number> {
  const [source, target] = [new Client({ connectionString: from }), new Client({ connectionString: to })];
  await source.connect();
  await target.connect();
  try {
    const counted = await source.query<{ n: string }>('SELECT count(*) AS n FROM enrollment');
    if (Number(counted.rows[0]?.n) !== rows) throw new Error(`${counted.rows[0]?.n} leads were imported`);
    const bytes: Buffer[] = [];
    for (const table of tables) bytes.push(await copyOut(source, `COPY ${table} TO STDOUT`));
    await target.query('CHECKPOINT');
    const began = performance.now();
    await target.query('BEGIN');
    for (const [index, table] of tables.entries()) {
      await copyIn(target, `COPY ${table} FROM STDIN`, bytes[index] ?? Buffer.alloc(0));
    }
    await target.query('COMMIT');
    return performance.now() - began;
  } finally {
    await source.end();
    await target.end();
  }
}
