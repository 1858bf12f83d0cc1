import type { EmbeddedPostgres } from '../../runtime/embedded-postgres';

/** The migrated database without rows that test files clone. */
export const templateDatabase = 'agency_template';

/** What globalSetup started, for globalTeardown in the same process. */
export const running: { postgres?: EmbeddedPostgres } = {};
