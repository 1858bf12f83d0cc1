import type { EmbeddedPostgres } from '../../embedded/embedded-postgres';

/** The migrated database without rows that test files clone. */
export const templateDatabase = 'agency_template';

/** What globalSetup started, for globalTeardown: jest loads both in one process, but each with modules of its own. */
export const running = globalThis as { testPostgres?: EmbeddedPostgres };
