import type { ProviderEvent } from '../ports';
import type { SecretPathRequest } from '../webhook';
import { WebhookRefused, requireSecret } from '../webhook';
import { meaningOf, NoMail, type MailContext } from './meaning';

export interface MailWebhookSettings extends Pick<MailContext, 'isOurMailbox'> {
  /** The secret in the webhook's path. */
  secret: string;
}

/**
 * What a mail that was forwarded from a sending mailbox means (`meaningOf`).
 * @throws WebhookRefused 401 (secret), 400 (not a mail)
 */
export async function mailEvents(
  { secret, rawBody, receivedAt }: SecretPathRequest,
  settings: MailWebhookSettings,
): Promise<ProviderEvent[]> {
  requireSecret(secret, settings.secret);
  const { isOurMailbox } = settings;
  try {
    return await meaningOf(Buffer.from(rawBody), { receivedAt, isOurMailbox, receivedBy: null });
  } catch (error) {
    if (error instanceof NoMail) throw new WebhookRefused(400, 'the body is not a mail');
    throw error;
  }
}
