import type { Channel } from '../../domain/channels';
import { afterFailure, type Answers } from '../../domain/outages';
import { transact, type Database } from '../database';
import type { Sql } from '../sql';
import { raiseAlert, resolveAlert } from '../tenants/alerts';

/** A sender on one of its channels, which goes through one provider. */
export interface SenderUseId {
  clientId: string;
  senderId: string;
  channel: Channel;
}

const alertKind = 'provider_down';

/**
 * The provider did not answer this sender: after some failures in a row nothing is sent through it for a while, longer each
 * time (domain/outages.ts), and a person is told once for each outage.
 * @param error a short word
 */
export async function noteFailure(database: Database, use: SenderUseId, error: string, now: Date): Promise<void> {
  await transact(database, async (sql) => {
    const before = await lockAnswers(sql, use);
    if (before === null) return;
    const { failures, downSince, retryAt } = afterFailure(before, now);
    const { clientId, senderId, channel } = use;
    await sql`
      UPDATE sender_channel SET failures = ${failures}, failure = ${error}, down_since = ${downSince}, retry_at = ${retryAt}
      WHERE sender_id = ${senderId}::uuid AND channel = ${channel}`;
    if (downSince !== null && before.downSince === null) {
      const message = `${before.provider} does not answer ${channel} sender ${senderId}: ${error}`;
      await raiseAlert(sql, { clientId, kind: alertKind, message, resourceId: senderId }, now);
    }
  });
}

/** The provider answered, whatever it said: an outage is over, and so is its alert. */
export async function noteAnswered(database: Database, use: SenderUseId, now: Date): Promise<void> {
  const { clientId, senderId, channel } = use;
  await transact(database, async (sql) => {
    const before = await lockAnswers(sql, use);
    if (before === null || before.failures === 0) return;
    await sql`
      UPDATE sender_channel SET failures = 0, failure = NULL, down_since = NULL, retry_at = NULL
      WHERE sender_id = ${senderId}::uuid AND channel = ${channel}`;
    const others = await sql`
      SELECT 1 FROM sender_channel WHERE sender_id = ${senderId}::uuid AND down_since IS NOT NULL`;
    if (others.length === 0) await resolveAlert(sql, { clientId, kind: alertKind, resourceId: senderId }, now);
  });
}

/** Somebody says that the provider is back: whatever is due next tries it. */
export async function tryAgainNow(
  sql: Sql,
  { clientId, senderId }: Omit<SenderUseId, 'channel'>,
  now: Date,
): Promise<void> {
  await sql`
    UPDATE sender_channel SET retry_at = greatest(${now}::timestamptz, down_since + interval '1 millisecond')
    WHERE sender_id = ${senderId}::uuid AND client_id = ${clientId}::uuid AND retry_at > ${now}`;
}

async function lockAnswers(
  sql: Sql,
  { clientId, senderId, channel }: SenderUseId,
): Promise<(Answers & { provider: string }) | null> {
  const [row] = await sql<Answers & { provider: string }>`
    SELECT provider, failures, down_since AS "downSince", retry_at AS "retryAt" FROM sender_channel
    WHERE sender_id = ${senderId}::uuid AND channel = ${channel} AND client_id = ${clientId}::uuid FOR NO KEY UPDATE`;
  return row ?? null;
}
