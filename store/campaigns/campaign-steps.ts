import { generateSequence, type SequenceStep } from '../../domain/sequence';
import type { Database } from '../database';
import { availableChannels } from '../senders/senders';
import { json, type Sql } from '../sql';

/** The default sequence for the channels that the client has now (SEQ-6). */
export const sequenceOf = async (database: Database, clientId: string): Promise<SequenceStep[]> =>
  generateSequence(await availableChannels(database, clientId));

/** Puts these steps in the place of a campaign's. */
export async function writeSequence(
  sql: Sql,
  { clientId, id }: { clientId: string; id: string },
  sequence: readonly SequenceStep[],
): Promise<void> {
  await sql`DELETE FROM campaign_step WHERE campaign_id = ${id}::uuid`;
  await sql`
    INSERT INTO campaign_step (campaign_id, client_id, step, day, channel, purpose, replaces)
    SELECT ${id}::uuid, ${clientId}::uuid, s.step, s.day, s.channel, s.purpose, s.replaces
    FROM jsonb_to_recordset(${json(sequence)}::jsonb) AS s(step int, day int, channel text, purpose text, replaces text)`;
}
