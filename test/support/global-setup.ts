import { startEmbeddedPostgres } from '../../embedded/embedded-postgres';
import { applyMigrations } from '../../store/migrations/apply-migrations';
import { running, templateDatabase } from './test-postgres';

/** Boots PostgreSQL once for the whole run and builds the migrated database that each test file clones. */
export default async function globalSetup(): Promise<void> {
  endWithParent();
  const postgres = await startEmbeddedPostgres({ persistent: false, durable: false });
  running.testPostgres = postgres;
  await applyMigrations(postgres.url(templateDatabase));
  process.env.TEST_POSTGRES_URL = postgres.url('postgres');
}

/** Whoever started the run may have been killed; then nobody reads its result. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 1000).unref();
}
