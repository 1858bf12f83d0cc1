import { textField } from '../http-exchange';
import type { CarrierMemory, EmailMessage, FindOutcome } from '../ports';
import type { SalesforgeApi } from './account';
import { existingCarrier } from './carrier';
import { isReached, isSilent, placesOf, writeContact } from './contact';
import { listIn, NotSent, prepared } from './outcome';
import { isInThread } from './thread';

/** Clocks of both sides may differ by so much. In milliseconds. */
const clockMarginMs = 5 * 60_000;
/** Pages of sending data that are read before giving up, 100 contacts each. */
const pagesRead = 20;

/**
 * Did a mail leave Salesforge since then? Its sending data says when; what the contact is in the carrier says that it
 * will not: it is not in it, or Salesforge does not write to it.
 */
export async function findMail(
  api: SalesforgeApi,
  memory: CarrierMemory,
  message: EmailMessage,
  since: Date,
): Promise<FindOutcome> {
  const { carrier } = message;
  if (carrier === undefined) return 'unknown';
  try {
    const { isFollowUp } = carrier;
    if (isFollowUp && (await isInThread(api, message, since))) return 'found';
    const sequenceId = await existingCarrier(api, memory, message.from.address, carrier);
    // A reply is in no sequence, so its absence there says nothing.
    if (sequenceId === null) return isFollowUp ? 'unknown' : 'absent';
    const sent = await sentAt(api, sequenceId, message.to);
    if (sent !== null && sent !== 'no list' && sent >= since.getTime() - clockMarginMs) return 'found';
    const status = (await placesOf(api, await writeContact(api, message, carrier))).get(sequenceId);
    if (status === undefined) return isFollowUp ? 'unknown' : 'absent';
    if (isSilent(status)) return 'absent';
    return sent === 'no list' && isReached(status) ? 'found' : 'unknown';
  } catch (error) {
    if (error instanceof NotSent) return 'unknown';
    throw error;
  }
}

/** When the sequence sent its mail to this address, in milliseconds; null: not yet; 'no list': Salesforge keeps none. */
async function sentAt(api: SalesforgeApi, sequenceId: string, email: string): Promise<number | null | 'no list'> {
  for (let page = 0; page < pagesRead; page += 1) {
    const query = new URLSearchParams({ limit: '100', offset: String(page * 100), 'sequence_ids[]': sequenceId });
    const answer = await api.core('GET', `/sending-data?${query.toString()}`);
    // It may list the sequences of the older kind alone [unverified].
    if (answer.kind === 'answered' && (answer.status === 400 || answer.status === 404)) return 'no list';
    const rows = listIn(prepared(answer), 'data');
    if (rows === null) return 'no list';
    const found = rows.find((row) => textField(row, 'email')?.toLowerCase() === email);
    if (found !== undefined) {
      const at = Date.parse(textField(found, 'sent') ?? '');
      return Number.isNaN(at) ? null : at;
    }
    if (rows.length < 100) return 'no list';
  }
  return 'no list';
}
