import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../embedded/embedded-postgres';
import { closeDatabase, openDatabase, type Database } from '../../store/database';
import { applyMigrations } from '../../store/migrations/apply-migrations';

/** A database of its own, with every migration and no rows but those that the measurement makes. */
export interface BenchWorld {
  database: Database;
  url: string;
  /** One connection that checks no foreign keys and waits for no disk: for making rows by the million. */
  fill(work: (filler: Client) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** The bench's own PostgreSQL. It ends, and its data with it, when the bench does. */
export interface BenchServer {
  createWorld(): Promise<BenchWorld>;
  stop(): Promise<void>;
}

const template = 'bench_template';

/** @param durable true: each commit waits for the disk, as in production */
export async function startBenchServer(durable: boolean): Promise<BenchServer> {
  const postgres = await startEmbeddedPostgres({ persistent: false, durable });
  const worlds: BenchWorld[] = [];
  try {
    await applyMigrations(postgres.url(template));
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return {
    async createWorld() {
      const name = `bench_${worlds.length}`;
      await withClient(postgres.url('postgres'), (client) =>
        client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`),
      );
      const world = openWorld(postgres.url(name));
      worlds.push(world);
      return world;
    },
    async stop() {
      for (const world of worlds) await world.close();
      await postgres.stop();
    },
  };
}

function openWorld(url: string): BenchWorld {
  const database = openDatabase(url);
  let open = true;
  return {
    database,
    url,
    fill: (work) =>
      withClient(url, async (client) => {
        await client.query(
          `SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'`,
        );
        await work(client);
      }),
    async close() {
      if (open) await closeDatabase(database);
      open = false;
    },
  };
}

async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
