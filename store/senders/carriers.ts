import type { CarrierKey, CarrierMemory } from '../../providers/ports';
import type { Database } from '../database';
import { tryWithLease } from '../lease';

/**
 * The carriers that clients have made at their provider, kept beside the mailbox. What is not kept is found again at the
 * provider, by its name.
 */
export function carrierMemory({ sql }: Database): CarrierMemory {
  return {
    async sequenceOf({ mailbox, step, timezone }) {
      const [row] = await sql<{ sequenceId: string }>`
        SELECT c.sequence_id AS "sequenceId" FROM carrier_sequence c JOIN sender s ON s.id = c.sender_id
        WHERE s.kind = 'mailbox' AND s.address = ${mailbox} AND c.step = ${step} AND c.timezone = ${timezone}`;
      return row?.sequenceId ?? null;
    },
    async keep({ mailbox, step, timezone }, sequenceId) {
      await sql`
        INSERT INTO carrier_sequence (sender_id, client_id, step, timezone, sequence_id)
        SELECT id, client_id, ${step}, ${timezone}, ${sequenceId} FROM sender
        WHERE kind = 'mailbox' AND address = ${mailbox}
        ON CONFLICT (sender_id, step, timezone) DO UPDATE SET sequence_id = EXCLUDED.sequence_id`;
    },
    alone: (carrier, work) => tryWithLease(sql, leaseOf(carrier), work),
  };
}

const leaseOf = ({ mailbox, step, timezone }: CarrierKey): string => `carrier ${mailbox} ${step} ${timezone}`;
