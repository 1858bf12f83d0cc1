import type { Settings, VariableGroup, Variables } from '../runtime/variables';
import type { HttpAnswer } from './http-exchange';
import type { Outside } from './outside';
import type {
  CarrierMemory,
  ChannelName,
  ChannelRequests,
  ChannelSender,
  Enrichment,
  LeadSource,
  MailboxWatch,
  ProviderEvent,
  Writer,
} from './ports';
import type { WebhookRequest } from './webhook';

/** Everything that the engine knows of one provider. All that concerns all providers derives from the list of these. */
export interface ProviderManifest<V extends Variables = Variables> extends VariableGroup {
  /** The folder's name, the events' `provider`, and what a sender's row says through which it goes. */
  name: string;
  variables: V;
  /** The channels on which it sends. */
  senders?: Senders<Settings<V>>;
  /** Senders that work although nothing is configured, because a sender's row brings an account of its own. */
  sendersWithoutSettings?: Senders<null>;
  /** It writes texts. */
  writer?: (settings: Settings<V>, outside: Outside) => Writer;
  /** It finds people by targeting. */
  leadSource?: (settings: Settings<V>, outside: Outside) => LeadSource;
  /** It tells more of people and companies. */
  enrichment?: (settings: Settings<V>, outside: Outside) => Enrichment;
  /** It can be asked what came to the mailboxes that send by it; null: not with these settings. */
  mailboxWatch?: (settings: Settings<V>, outside: Outside) => MailboxWatch | null;
  /** Does it tell the accounts of mailboxes (POST /v1/mailboxes/import)? */
  accounts?: true;
  webhooks?: readonly Webhook<Settings<V>>[];
  /** One cheap request with our credentials; null: there are none to ask with. Never throws; takes at most `signOfLifeMs`. */
  signOfLife?: (settings: Settings<V>, outside: Outside) => Promise<SignOfLife | null>;
}

export type Senders<S> = {
  [C in ChannelName]?: (settings: S, outside: Outside, memory: CarrierMemory) => ChannelSender<ChannelRequests[C]>;
};

/** What shows that a request comes from the provider. */
export type Proof = 'secret in the path' | 'secret in a header' | 'signature';

export interface Webhook<S> {
  method: 'POST';
  /** `/webhooks/<name>…`; `:secret` stands for the secret in the path. */
  path: string;
  proof: Proof;
  /** What the provider tells here, for people. */
  summary: string;
  /** How the provider comes to know the address, for people. */
  register: string;
  /** Bytes; default 1 MiB. */
  bodyLimit?: number;
  /**
   * Proves where the request comes from, and reads it.
   * @throws WebhookRefused 401 (no proof) or 400 (makes no sense)
   */
  parse(request: WebhookRequest, settings: S, context: WebhookContext): ProviderEvent[] | Promise<ProviderEvent[]>;
  /** What the provider wants to hear, asked when `parse` has accepted and the events are stored. Default: JSON. */
  answer?(request: WebhookRequest, settings: S, context: WebhookContext): WebhookAnswer | Promise<WebhookAnswer>;
}

export interface WebhookAnswer {
  contentType: string;
  body: string;
}

/** What a webhook may ask the engine. */
export interface WebhookContext {
  /** Where providers reach us, without a slash at the end. */
  publicBaseUrl: string;
  /** Is this address (in lower case) a mailbox that we send from? Its own mails are no replies. */
  isOurMailbox(address: string): Promise<boolean>;
  /** The words of a touch's call, for the first call that asks for them; null: hang up. */
  takeCallScript(touchId: string, callSid: string): Promise<string | null>;
}

/** - answers: it took our credentials. - refuses: it did not. - silent: no answer in time, or none that says either. */
export type SignOfLife = 'answers' | 'refuses' | 'silent';

/** The longest a sign of life may take, in milliseconds. */
export const signOfLifeMs = 2_000;

/** What an answer to a request with our credentials shows. 429 and the like come from a provider that knows us. */
export function signOf(answer: HttpAnswer): SignOfLife {
  if (answer.kind !== 'answered' || answer.status >= 500 || answer.status === 408) return 'silent';
  return answer.status < 300 || answer.status === 429 ? 'answers' : 'refuses';
}

/**
 * A manifest as the list holds it: what its variables hold is known inside of it only, and outside it is handed on
 * unread. loadConfig makes the settings by the same variables, so they fit.
 */
export function provider<const V extends Variables>(manifest: ProviderManifest<V>): ProviderManifest {
  return manifest as unknown as ProviderManifest;
}
