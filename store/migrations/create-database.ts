import { Client, type DatabaseError } from 'pg';

const missingDatabase = '3D000';
/** Another process created it in between: seen as a name that is taken, or as a row that is there already. */
const createdMeanwhile = ['42P04', '23505'];

/** Creates the database of the URL unless it is there. The URL's user must be allowed to, when it is not. */
export async function createDatabase(databaseUrl: string): Promise<void> {
  try {
    await withClient(databaseUrl, async () => undefined);
  } catch (error) {
    if ((error as DatabaseError).code !== missingDatabase) throw error;
    const server = new URL(databaseUrl);
    const name = decodeURIComponent(server.pathname.slice(1));
    server.pathname = '/postgres';
    await withClient(server.toString(), async (client) => {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`).catch((failure: DatabaseError) => {
        if (!createdMeanwhile.includes(failure.code ?? '')) throw failure;
      });
    });
  }
}

/** Lends one connection, and ends it. */
export async function withClient<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
