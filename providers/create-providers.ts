import type { ConfiguredProviders } from '../runtime/config';
import type { ProviderManifest, Senders } from './manifest';
import type { Outside } from './outside';
import type {
  CarrierKey,
  CarrierMemory,
  ChannelName,
  ChannelRequests,
  ChannelSender,
  MailboxWatch,
  Providers,
  SendOutcome,
  Writer,
} from './ports';
import { WriterUnavailable } from './ports';

/** What a provider without settings answers: nothing was sent, and the resource cannot send until it is configured. */
const notConfigured: SendOutcome = { kind: 'rejected', retry: 'resource', error: 'not_configured' };
const noSender: ChannelSender<never> = {
  send: () => Promise.resolve(notConfigured),
  find: () => Promise.resolve('unknown'),
};
const noWriter: Writer = { write: () => Promise.reject(new WriterUnavailable('not_configured')) };

/** The clients of all providers that are configured, each made once. The first that writes is the writer. */
export function providersFrom(
  manifests: readonly ProviderManifest[],
  configured: ConfiguredProviders,
  outside: Outside,
  memory: CarrierMemory = forgetful(),
): Providers {
  const made = new Map(
    manifests.map((manifest) => [
      manifest.name,
      sendersOf(manifest, configured[manifest.name] ?? null, outside, memory),
    ]),
  );
  const writing = manifests.find(({ name, writer }) => writer && configured[name]);
  const settings = writing && configured[writing.name];
  return {
    sender: <C extends ChannelName>(channel: C, provider: string): ChannelSender<ChannelRequests[C]> =>
      made.get(provider)?.[channel] ?? noSender,
    writer: (settings && writing?.writer?.(settings, outside)) ?? noWriter,
    leadSources: manifests.flatMap(({ name, leadSource }) => madeOf(leadSource, configured[name], outside)),
    enrichment: manifests.flatMap(({ name, enrichment }) => madeOf(enrichment, configured[name], outside))[0] ?? null,
  };
}

/** The watches of all providers that are configured and have one. */
export function watchesFrom(
  manifests: readonly ProviderManifest[],
  configured: ConfiguredProviders,
  outside: Outside,
): MailboxWatch[] {
  return manifests
    .flatMap(({ name, mailboxWatch }) => madeOf(mailboxWatch, configured[name], outside))
    .filter((watch) => watch !== null);
}

/** One, or none when the provider does not offer it or is not configured. */
function madeOf<S, Made>(
  make: ((settings: S, outside: Outside) => Made) | undefined,
  settings: S | null | undefined,
  outside: Outside,
): Made[] {
  return make && settings ? [make(settings, outside)] : [];
}

type MadeSenders = { [C in ChannelName]?: ChannelSender<ChannelRequests[C]> };

function sendersOf(
  manifest: ProviderManifest,
  settings: ConfiguredProviders[string],
  outside: Outside,
  memory: CarrierMemory,
): MadeSenders {
  if (settings !== null) return madeWith(manifest.senders, settings, outside, memory);
  return madeWith(manifest.sendersWithoutSettings, null, outside, memory);
}

function madeWith<S>(senders: Senders<S> = {}, settings: S, outside: Outside, memory: CarrierMemory): MadeSenders {
  const made = Object.entries(senders).map(([channel, make]) => [channel, make(settings, outside, memory)]);
  return Object.fromEntries(made) as MadeSenders;
}

/** A memory for those who send nothing: it ends with the process, and knows of no other. */
function forgetful(): CarrierMemory {
  const kept = new Map<string, string>();
  const keyOf = ({ mailbox, step, timezone }: CarrierKey): string => `${mailbox} ${step} ${timezone}`;
  return {
    sequenceOf: (carrier) => Promise.resolve(kept.get(keyOf(carrier)) ?? null),
    keep: (carrier, sequenceId) => Promise.resolve(void kept.set(keyOf(carrier), sequenceId)),
    alone: (_carrier, work) => work(),
  };
}
