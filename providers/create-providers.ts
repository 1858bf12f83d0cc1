import type { ConfiguredProviders } from '../runtime/config';
import type { ProviderManifest, Senders } from './manifest';
import type { Outside } from './outside';
import type { ChannelName, ChannelRequests, ChannelSender, Providers, SendOutcome, Writer } from './ports';
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
): Providers {
  const made = new Map(manifests.map((manifest) => [manifest.name, sendersOf(manifest, configured, outside)]));
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

/** One, or none when the provider does not offer it or is not configured. */
function madeOf<S, Made>(
  make: ((settings: S, outside: Outside) => Made) | undefined,
  settings: S | null | undefined,
  outside: Outside,
): Made[] {
  return make && settings ? [make(settings, outside)] : [];
}

type MadeSenders = { [C in ChannelName]?: ChannelSender<ChannelRequests[C]> };

function sendersOf(manifest: ProviderManifest, configured: ConfiguredProviders, outside: Outside): MadeSenders {
  const settings = configured[manifest.name] ?? null;
  if (settings !== null) return madeWith(manifest.senders, settings, outside);
  return madeWith(manifest.sendersWithoutSettings, null, outside);
}

function madeWith<S>(senders: Senders<S> = {}, settings: S, outside: Outside): MadeSenders {
  const made = Object.entries(senders).map(([channel, make]) => [channel, make(settings, outside)]);
  return Object.fromEntries(made) as MadeSenders;
}
