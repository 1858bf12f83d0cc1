import type { FindOutcome, SendOutcome } from '../providers/ports';
import {
  readEnvelope,
  readMailbox,
  readPhoneNumber,
  readSeatAccount,
  readThread,
  type Envelope,
} from '../store/messages';
import type { ClaimedTouch } from '../store/claims';
import { layOutEmail } from './content/email-layout';
import type { EmailText, LinkedInText, SmsText } from './content/facts';
import type { ActivityDeps } from './deps';

/** What the provider said, and the reference under which it has the touch if it has it. */
export interface SendResult {
  outcome: SendOutcome;
  reference: string | null;
}

/** Hands a claimed touch to its provider, once. The provider's errors come back as outcomes, never as exceptions. */
export async function sendTouch(deps: ActivityDeps, touch: ClaimedTouch): Promise<SendResult> {
  const envelope = await readEnvelope(deps.database, touch);
  switch (touch.channel) {
    case 'email':
      return sendEmail(deps, touch, envelope);
    case 'voice':
      return { outcome: await deps.providers.voice.call(await callRequest(deps, touch, envelope)), reference: null };
    case 'linkedin':
      return {
        outcome: await deps.providers.linkedin.invite(await invitationRequest(deps, touch, envelope)),
        reference: null,
      };
    case 'sms':
      return { outcome: await deps.providers.sms.send(await smsRequest(deps, touch, envelope)), reference: null };
  }
}

/** Asks the provider whether it has a touch that an interrupted attempt may have sent (TRUTH-1). */
export async function findTouch(
  deps: ActivityDeps,
  touch: ClaimedTouch,
): Promise<{ found: FindOutcome; reference: string | null }> {
  const envelope = await readEnvelope(deps.database, touch);
  switch (touch.channel) {
    case 'email':
      // SMTP cannot be asked; the reference lets a later bounce or reply prove that it was sent.
      return { found: 'unknown', reference: await messageIdOf(deps, touch) };
    case 'voice': {
      const request = await callRequest(deps, touch, envelope);
      return { found: await deps.providers.voice.find(request, touch.claimedAt), reference: null };
    }
    case 'linkedin': {
      const request = await invitationRequest(deps, touch, envelope);
      return { found: await deps.providers.linkedin.find(request), reference: null };
    }
    case 'sms': {
      const request = await smsRequest(deps, touch, envelope);
      return { found: await deps.providers.sms.find(request, touch.claimedAt), reference: null };
    }
  }
}

async function sendEmail(
  deps: ActivityDeps,
  touch: ClaimedTouch,
  { client, lead, content }: Envelope,
): Promise<SendResult> {
  const mailbox = await readMailbox(deps.database, touch.senderId);
  const thread = await readThread(deps.database, touch.enrollmentId, touch.step);
  const unsubscribeUrl = `${deps.publicBaseUrl}/u/${lead.unsubscribeToken}`;
  const senderName = mailbox.displayName ?? client.senderName;
  const [first] = thread;
  const mail = layOutEmail({
    ...{ content: content as EmailText, senderName, clientName: client.name, website: client.website },
    ...{ postalAddress: client.postalAddress, unsubscribeUrl },
    thread:
      first === undefined
        ? null
        : {
            subject: (first.content as EmailText).subject,
            messageIds: thread.map((earlier) => earlier.messageId),
          },
  });
  const messageId = `${touch.touchId}@${domainOf(mailbox.address)}`;
  const outcome = await deps.providers.email.send({
    ...{ touchId: touch.touchId, account: mailbox.account, to: lead.email, messageId, unsubscribeUrl },
    ...{ from: { address: mailbox.address, name: senderName }, date: touch.claimedAt, ...mail },
  });
  return { outcome, reference: messageId };
}

async function messageIdOf(deps: ActivityDeps, touch: ClaimedTouch): Promise<string> {
  const { address } = await readMailbox(deps.database, touch.senderId);
  return `${touch.touchId}@${domainOf(address)}`;
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

async function callRequest(deps: ActivityDeps, touch: ClaimedTouch, { lead }: Envelope) {
  const from = await readPhoneNumber(deps.database, touch.senderId);
  return { touchId: touch.touchId, from, to: lead.mobile ?? lead.phone ?? '' };
}

async function invitationRequest(deps: ActivityDeps, touch: ClaimedTouch, { lead, content }: Envelope) {
  const accountId = await readSeatAccount(deps.database, touch.senderId);
  const { note } = content as LinkedInText;
  return { touchId: touch.touchId, accountId, profileUrl: lead.linkedinUrl ?? '', note };
}

async function smsRequest(deps: ActivityDeps, touch: ClaimedTouch, { lead, content }: Envelope) {
  const from = await readPhoneNumber(deps.database, touch.senderId);
  const { text } = content as SmsText;
  return { touchId: touch.touchId, from, to: lead.mobile ?? '', text, country: lead.countryCode };
}
