import { signOf, signOfLifeMs, type SignOfLife } from '../manifest';
import type { Outside } from '../outside';
import type { CarrierMemory, ChannelSender, EmailMessage, SendOutcome } from '../ports';
import { createTurns, openApi, type SalesforgeAccount } from './account';
import { existingCarrier, readyCarrier } from './carrier';
import { writeContact } from './contact';
import { enrol } from './enrol';
import { findMail } from './find';
import { NotSent, prepared } from './outcome';
import { replyInThread } from './thread';

/** What sends while only webhooks are configured. */
export const closed: ChannelSender<EmailMessage> = {
  send: () => Promise.resolve({ kind: 'rejected', retry: 'resource', error: 'not_configured' }),
  find: () => Promise.resolve('unknown'),
};

/**
 * Sends by Salesforge, which has no "send this mail now": a carrier sequence for each mailbox, step and zone takes the
 * recipient and sends its only e-mail at a moment of its own. What it took is handed over, and not sent yet.
 */
export function salesforgeSender(
  account: SalesforgeAccount,
  outside: Pick<Outside, 'exchange'>,
  memory: CarrierMemory,
): ChannelSender<EmailMessage> {
  const turn = createTurns(account.requestsPerSecond ?? 8);
  const open = ({ touchId }: EmailMessage) => openApi(account, outside, turn, touchId);

  return {
    async send(given, permit = () => Promise.resolve(true)): Promise<SendOutcome> {
      const message = canonical(given);
      const { carrier } = message;
      if (carrier === undefined) return { kind: 'rejected', retry: 'never', error: 'invalid_message' };
      const api = open(message);
      try {
        const replied = carrier.isFollowUp ? await replyInThread(api, message, permit) : null;
        if (replied !== null) return replied;
        const sequenceId = await readyCarrier(api, memory, message.from.address, carrier);
        return await enrol(api, { message, carrier, sequenceId }, permit);
      } catch (error) {
        if (error instanceof NotSent) return error.outcome;
        throw error;
      }
    },

    find: (given, since) => findMail(open(given), memory, canonical(given), since),

    async withdraw(given) {
      const message = canonical(given);
      const { carrier } = message;
      if (carrier === undefined) return 'unknown';
      const api = open(message);
      try {
        const sequenceId = await existingCarrier(api, memory, message.from.address, carrier);
        if (sequenceId === null) return 'unknown';
        const filters = { leadIds: [await writeContact(api, message, carrier)] };
        prepared(await api.multichannel('POST', `/sequences/${sequenceId}/enrollments/remove`, { filters }));
        return 'withdrawn';
      } catch (error) {
        if (error instanceof NotSent) return 'unknown';
        throw error;
      }
    },
  };
}

/** Salesforge compares addresses as we do: in lower case. */
const canonical = (message: EmailMessage): EmailMessage => ({
  ...message,
  to: message.to.toLowerCase(),
  from: { ...message.from, address: message.from.address.toLowerCase() },
});

/** Asks whose key it is: the cheapest request that needs it. */
export async function salesforgeSign(
  { baseUrl, apiKey }: Pick<SalesforgeAccount, 'baseUrl' | 'apiKey'>,
  { exchange }: Pick<Outside, 'exchange'>,
): Promise<SignOfLife> {
  const headers = { authorization: apiKey };
  return signOf(await exchange({ method: 'GET', url: `${baseUrl}/me`, headers, timeoutMs: signOfLifeMs }));
}
