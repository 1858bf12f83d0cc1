import type { ConfiguredProviders } from '../runtime/config';
import type { ProviderManifest, Proof, Webhook, WebhookAnswer, WebhookContext } from './manifest';
import type { ProviderEvent } from './ports';
import { WebhookRefused, type WebhookRequest } from './webhook';

/** A webhook with this installation's settings. */
export interface OpenWebhook {
  provider: string;
  method: 'POST';
  path: string;
  proof: Proof;
  summary: string;
  /** Bytes. */
  bodyLimit?: number;
  /** @throws WebhookRefused 401 (no proof, or the provider is not configured) or 400 (makes no sense) */
  parse(request: WebhookRequest): Promise<ProviderEvent[]>;
  /** To be asked after `parse` alone: it proves nothing by itself. */
  answer(request: WebhookRequest): Promise<WebhookAnswer>;
}

const received: WebhookAnswer = { contentType: 'application/json; charset=utf-8', body: '{"received":true}' };

/** All webhooks of the list; those of a provider that is not configured refuse everything. */
export function webhooksFrom(
  manifests: readonly ProviderManifest[],
  configured: ConfiguredProviders,
  context: WebhookContext,
): OpenWebhook[] {
  return manifests.flatMap(({ name, webhooks = [] }) =>
    webhooks.map((webhook) => opened(name, webhook, configured[name] ?? null, context)),
  );
}

type SomeSettings = Readonly<Record<string, unknown>>;

function opened(
  provider: string,
  webhook: Webhook<SomeSettings>,
  settings: SomeSettings | null,
  context: WebhookContext,
): OpenWebhook {
  const { method, path, proof, summary, bodyLimit } = webhook;
  // Without settings a signature would be checked with an empty key, which anyone has.
  const known = (): SomeSettings => {
    if (settings === null) throw new WebhookRefused(401, `${provider} is not configured`);
    return settings;
  };
  return {
    provider,
    method,
    path,
    proof,
    summary,
    bodyLimit,
    parse: async (request) => webhook.parse(request, known(), context),
    answer: async (request) => (await webhook.answer?.(request, known(), context)) ?? received,
  };
}
