import type { RawEnvironment } from '../../runtime/config';
import { providerGroups } from '../../runtime/environment';

/** Where touches go: to the simulator, or to the providers that are configured. */
export interface ProviderChoice {
  kind: 'simulated' | 'real';
  /** Names of the provider groups that are configured, and of those that are not. */
  configured: string[];
  missing: string[];
}

const sending = ['smtp', 'twilio', 'unipile', 'clicksend', 'anthropic'];

/** One configured provider is enough: a run is never half simulated. */
export function chooseProviders(env: RawEnvironment, simulate: boolean): ProviderChoice {
  const isConfigured = (group: string): boolean =>
    (providerGroups[group]?.needs ?? []).some((variable) => (env[variable] ?? '').trim() !== '');
  const configured = sending.filter(isConfigured);
  const missing = sending.filter((group) => !isConfigured(group));
  return { kind: simulate || configured.length === 0 ? 'simulated' : 'real', configured, missing };
}

/** The environment without anything that belongs to a provider: the simulator's settings take its place. */
export function withoutProviders(env: RawEnvironment): RawEnvironment {
  const theirs = new Set<string>(Object.values(providerGroups).flatMap((group) => group.variables));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !theirs.has(name)));
}
