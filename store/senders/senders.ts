import type { Channel } from '../../domain/sequence';
import { raiseAlert } from '../tenants/alerts';
import type { Database, Transaction } from '../database';

/**
 * Takes a mailbox, number or seat out because the provider refuses it, and raises an alert (SEQ-7). It stays out until
 * someone resumes it. Idempotent.
 */
export async function takeOutSender(
  database: Database | Transaction,
  sender: { clientId: string; channel: Channel; senderId: string; reason: string },
  now: Date,
): Promise<void> {
  const where = { id: sender.senderId, clientId: sender.clientId, pausedAt: null };
  const data = { pausedAt: now, pauseReason: sender.reason };
  switch (sender.channel) {
    case 'email':
      await database.mailbox.updateMany({ where, data });
      break;
    case 'voice':
    case 'sms':
      await database.phoneNumber.updateMany({ where, data });
      break;
    case 'linkedin':
      await database.linkedInSeat.updateMany({ where, data });
      break;
  }
  const message = `${sender.channel} sender ${sender.senderId} was taken out: ${sender.reason}`;
  const { clientId, senderId } = sender;
  await raiseAlert(database, { clientId, kind: 'sender_out', message, resourceId: senderId }, now);
}
