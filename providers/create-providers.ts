import { anthropicWriter } from './anthropic/client';
import type { AnthropicSettings } from './anthropic/client';
import { clickSendSender } from './clicksend/client';
import type { ClickSendSettings } from './clicksend/client';
import { noCaller, noNetworker, noSmsSender, noWriter } from './not-configured';
import type { Providers } from './ports';
import { smtpSender } from './smtp/client';
import type { SmtpSettings } from './smtp/client';
import { twilioCaller } from './twilio/client';
import type { TwilioSettings } from './twilio/client';
import { unipileNetworker } from './unipile/client';
import type { UnipileSettings } from './unipile/client';

/**
 * How to reach the providers; null: not configured, and then every send is rejected as 'not_configured'. The
 * simulator is only another base URL. Webhook secrets are the webhooks' settings, and ignored here.
 */
export interface ProviderSettings {
  /** The default relay; mailboxes with an SMTP account of their own send without it. */
  smtp: SmtpSettings | null;
  twilio: TwilioSettings | null;
  unipile: (UnipileSettings & { webhookSecret?: string }) | null;
  clicksend: (ClickSendSettings & { webhookSecret?: string }) | null;
  anthropic: AnthropicSettings | null;
  /** Where providers reach our webhooks, without a slash at the end. */
  publicBaseUrl: string;
}

/** The providers' clients. @throws Error when a setting cannot be right (a Twilio account SID that is none). */
export function createProviders(settings: ProviderSettings): Providers {
  const { smtp, twilio, unipile, clicksend, anthropic, publicBaseUrl } = settings;
  return {
    email: smtpSender(smtp),
    voice: twilio ? twilioCaller(twilio, publicBaseUrl) : noCaller,
    linkedin: unipile ? unipileNetworker(unipile) : noNetworker,
    sms: clicksend ? clickSendSender(clicksend) : noSmsSender,
    writer: anthropic ? anthropicWriter(anthropic) : noWriter,
  };
}
