import type { ConfiguredProviders } from '../runtime/config';
import { anthropic } from './anthropic';
import { apify } from './apify';
import { apollo } from './apollo';
import { clicksend } from './clicksend';
import { providersFrom, watchesFrom } from './create-providers';
import { mail } from './mail';
import { mailforge } from './mailforge';
import type { ProviderManifest, WebhookContext } from './manifest';
import { webhooksFrom, type OpenWebhook } from './open-webhooks';
import type { Outside } from './outside';
import type { CarrierMemory, ChannelName, MailboxWatch, Providers } from './ports';
import { salesforge } from './salesforge';
import { watchSigns, type ProviderState } from './signs-of-life';
import { smtp } from './smtp';
import { twilio } from './twilio';
import { unipile } from './unipile';

/**
 * Every provider there is. Configuration, `.env.example`, the choice at the start, webhook routes, OpenAPI, readiness
 * and the table in docs/providers.md derive from this list. Of several for one channel, the first is the default.
 */
export const manifests: readonly ProviderManifest[] = [
  smtp,
  twilio,
  unipile,
  clicksend,
  mail,
  salesforge,
  mailforge,
  anthropic,
  apollo,
  apify,
];

/** Who offers a channel, in the list's order: the first is the default for a new sender. */
export function providersOf(channel: ChannelName): readonly string[] {
  return manifests.filter(({ senders }) => senders?.[channel]).map(({ name }) => name);
}

/** The providers' clients, as configured. @param memory without it, what they make at a provider is forgotten */
export const createProviders = (configured: ConfiguredProviders, outside: Outside, memory?: CarrierMemory): Providers =>
  providersFrom(manifests, configured, outside, memory);

/** Who can be asked what came to mailboxes, as configured. */
export const createWatches = (configured: ConfiguredProviders, outside: Outside): MailboxWatch[] =>
  watchesFrom(manifests, configured, outside);

/** The providers' webhooks, as configured. */
export const openWebhooks = (configured: ConfiguredProviders, context: WebhookContext): OpenWebhook[] =>
  webhooksFrom(manifests, configured, context);

/** How the providers are, as configured; see `watchSigns`. */
export const watchProviders = (
  configured: ConfiguredProviders,
  outside: Outside,
): (() => Promise<Record<string, ProviderState>>) => watchSigns(manifests, configured, outside);
