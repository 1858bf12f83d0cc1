import { running } from './test-postgres';

export default async function globalTeardown(): Promise<void> {
  await running.testPostgres?.stop();
}
