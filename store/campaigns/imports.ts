import { randomUUID } from 'node:crypto';
import type { SequenceStep } from '../../domain/sequence';
import { transact, type Database } from '../database';
import { json } from '../sql';
import { writeSequence } from './campaign-steps';
import type { Targeting } from './campaigns';

/** A custom campaign as it is brought here (MIG-1). */
export interface ImportedCampaign {
  clientId: string;
  /** What it is called where it comes from. */
  externalId: string;
  name: string;
  description: string;
  targeting: Targeting;
  steps: readonly SequenceStep[];
}

/**
 * Makes a custom campaign, a draft that keeps its own steps (MIG-1). Under the same external id there is one, also when two
 * requests ask at once; one that is there already is left as it is.
 */
export async function createImportedCampaign(
  database: Database,
  campaign: ImportedCampaign,
  now: Date,
): Promise<{ id: string; created: boolean }> {
  const { clientId, externalId, name, description, targeting, steps } = campaign;
  const id = randomUUID();
  return transact(database, async (sql) => {
    const made = await sql`
      INSERT INTO campaign (id, client_id, external_id, name, description, targeting, uses_default_sequence, created_at)
      VALUES (${id}::uuid, ${clientId}::uuid, ${externalId}, ${name}, ${description}, ${json(targeting)}::jsonb, false, ${now})
      ON CONFLICT (client_id, external_id) DO NOTHING RETURNING id`;
    if (made.length > 0) {
      await writeSequence(sql, { clientId, id }, steps);
      return { id, created: true };
    }
    const [known] = await sql<{ id: string }>`
      SELECT id FROM campaign WHERE client_id = ${clientId}::uuid AND external_id = ${externalId}`;
    if (known === undefined) throw new Error('an imported campaign was there and is not');
    return { id: known.id, created: false };
  });
}
