import type {
  CallRequest,
  FindOutcome,
  InvitationRequest,
  SendOutcome,
  SmsRequest,
  SmtpAccount,
} from '../providers/ports';
import type { ClaimedTouch } from '../store/touches/claims';
import { readEnvelope, type Envelope, type MailboxToSendFrom } from '../store/touches/envelope';
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
      return { outcome: await deps.providers.voice.call(callRequest(touch, envelope)), reference: null };
    case 'linkedin':
      return {
        outcome: await deps.providers.linkedin.invite(invitationRequest(touch, envelope)),
        reference: null,
      };
    case 'sms':
      return { outcome: await deps.providers.sms.send(smsRequest(touch, envelope)), reference: null };
  }
}

/**
 * Asks the provider whether it has a touch that an interrupted attempt may have sent (TRUTH-1). Of a lead that was
 * erased meanwhile nobody can be asked.
 */
export async function findTouch(
  deps: ActivityDeps,
  touch: ClaimedTouch,
): Promise<{ found: FindOutcome; reference: string | null }> {
  const envelope = await readEnvelope(deps.database, touch);
  try {
    return { found: await find(deps, touch, envelope), reference: referenceOf(touch, envelope) };
  } catch (error) {
    if (error instanceof Lacking) return { found: 'unknown', reference: null };
    throw error;
  }
}

async function find({ providers }: ActivityDeps, touch: ClaimedTouch, envelope: Envelope): Promise<FindOutcome> {
  switch (touch.channel) {
    case 'email':
      return 'unknown'; // SMTP cannot be asked
    case 'voice':
      return providers.voice.find(callRequest(touch, envelope), touch.claimedAt);
    case 'linkedin':
      return providers.linkedin.find(invitationRequest(touch, envelope));
    case 'sms':
      return providers.sms.find(smsRequest(touch, envelope), touch.claimedAt);
  }
}

/** A later bounce or reply names it, and so proves that the mail was sent. */
function referenceOf(touch: ClaimedTouch, envelope: Envelope): string | null {
  return touch.channel === 'email' ? messageIdOf(touch, given(envelope.mailbox, touch)) : null;
}

async function sendEmail(deps: ActivityDeps, touch: ClaimedTouch, envelope: Envelope): Promise<SendResult> {
  const { client, lead, content, thread } = envelope;
  const mailbox = given(envelope.mailbox, touch);
  const unsubscribeUrl = `${deps.publicBaseUrl}/u/${lead.unsubscribeToken}`;
  const senderName = mailbox.displayName ?? client.senderName;
  const [first] = thread;
  const mail = layOutEmail({
    ...{ content: content as EmailText, senderName, clientName: client.name, website: client.website },
    ...{ postalAddress: client.postalAddress, unsubscribeUrl },
    thread:
      first === undefined
        ? null
        : { subject: (first.content as EmailText).subject, messageIds: thread.map((earlier) => earlier.messageId) },
  });
  const messageId = messageIdOf(touch, mailbox);
  const outcome = await deps.providers.email.send({
    ...{ touchId: touch.touchId, account: smtpAccount(mailbox), to: lead.email, messageId, unsubscribeUrl },
    ...{ from: { address: mailbox.address, name: senderName }, date: touch.claimedAt, ...mail },
  });
  return { outcome, reference: messageId };
}

const messageIdOf = (touch: ClaimedTouch, { address }: MailboxToSendFrom): string =>
  `${touch.touchId}@${address.slice(address.lastIndexOf('@') + 1)}`;

const submissionPort = 587;

function smtpAccount({ smtpHost, smtpPort, smtpUsername, smtpPassword }: MailboxToSendFrom): SmtpAccount | null {
  if (smtpHost === null) return null;
  return { host: smtpHost, port: smtpPort ?? submissionPort, username: smtpUsername, password: smtpPassword };
}

const callRequest = (touch: ClaimedTouch, { lead, phoneNumber }: Envelope): CallRequest => ({
  touchId: touch.touchId,
  from: given(phoneNumber, touch),
  to: given(lead.mobile ?? lead.phone, touch),
});

const invitationRequest = (touch: ClaimedTouch, { lead, content, seatAccountId }: Envelope): InvitationRequest => ({
  touchId: touch.touchId,
  accountId: given(seatAccountId, touch),
  profileUrl: given(lead.linkedinUrl, touch),
  note: (content as LinkedInText).note,
});

const smsRequest = (touch: ClaimedTouch, { lead, content, phoneNumber }: Envelope): SmsRequest => ({
  touchId: touch.touchId,
  from: given(phoneNumber, touch),
  to: given(lead.mobile, touch),
  text: (content as SmsText).text,
  country: lead.countryCode,
});

/** The gate has seen that it is there; only an erasure in between can have taken it. */
function given<T>(value: T | null, touch: ClaimedTouch): T {
  if (value === null) throw new Lacking(`touch ${touch.touchId} lacks what its channel ${touch.channel} needs`);
  return value;
}

class Lacking extends Error {}
