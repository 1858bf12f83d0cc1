import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { databaseUrl } from './database';

/** Migrations and functions of a test's own in a temporary folder, and the empty place of a database for them. */
export class ScratchMigrations {
  readonly name = `scratch_${randomBytes(6).toString('hex')}`;
  readonly url = databaseUrl(this.name);
  readonly folder = mkdtempSync(path.join(tmpdir(), 'agency-os-migrations-'));
  readonly files = { migrations: path.join(this.folder, 'migrations'), functions: path.join(this.folder, 'functions') };

  constructor() {
    mkdirSync(this.files.migrations);
    mkdirSync(this.files.functions);
  }

  /** Writes a migration, anew if it is there. */
  migration(name: string, sql: string): void {
    mkdirSync(path.join(this.files.migrations, name), { recursive: true });
    writeFileSync(path.join(this.files.migrations, name, 'migration.sql'), sql);
  }

  /** Writes a function's file, or removes it. */
  function(name: string, sql: string | null): void {
    const file = path.join(this.files.functions, `${name}.sql`);
    if (sql === null) rmSync(file);
    else writeFileSync(file, sql);
  }

  async query<Row extends QueryResultRow>(sql: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    const client = new Client({ connectionString: databaseUrl('postgres') });
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
    await client.end();
  }
}
