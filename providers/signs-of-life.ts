import type { ConfiguredProviders } from '../runtime/config';
import type { ProviderManifest, SignOfLife } from './manifest';
import { signOfLifeMs } from './manifest';
import type { Outside } from './outside';

/** `configured` is said of a provider that only calls us, and so cannot be asked. */
export type ProviderState = 'not configured' | 'configured' | SignOfLife;

/** How long an answer stands, in milliseconds: whoever looks at readiness must not load the providers. */
const keptMs = 30_000;

/**
 * Asks all providers side by side for a sign of life, at most every 30 s. The answer takes no longer than the longest
 * sign may.
 */
export function watchSigns(
  manifests: readonly ProviderManifest[],
  configured: ConfiguredProviders,
  outside: Outside,
): () => Promise<Record<string, ProviderState>> {
  let kept: Promise<Record<string, ProviderState>> | null = null;
  return () => {
    if (kept === null) {
      kept = askAll(manifests, configured, outside);
      setTimeout(() => (kept = null), keptMs).unref();
    }
    return kept;
  };
}

async function askAll(
  manifests: readonly ProviderManifest[],
  configured: ConfiguredProviders,
  outside: Outside,
): Promise<Record<string, ProviderState>> {
  const states = manifests.map(async ({ name, signOfLife }): Promise<[string, ProviderState]> => {
    const settings = configured[name];
    if (!settings) return [name, 'not configured'];
    return [name, (signOfLife && (await inTime(() => signOfLife(settings, outside)))) ?? 'configured'];
  });
  return Object.fromEntries(await Promise.all(states));
}

/** Whatever a manifest does, the others do not wait for it. */
async function inTime(ask: () => Promise<SignOfLife | null>): Promise<SignOfLife | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<SignOfLife>((resolve) => {
    timer = setTimeout(() => resolve('silent'), signOfLifeMs);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch {
    return 'silent';
  } finally {
    clearTimeout(timer);
  }
}
