import { manifests } from '../../providers';
import type { RawEnvironment } from '../../runtime/config';
import type { VariableGroup } from '../../runtime/variables';

/** Where touches go: to the simulator, or to the providers that are configured. */
export interface ProviderChoice {
  kind: 'simulated' | 'real';
  /** Names of the providers that are configured, and of those that are not. */
  configured: string[];
  missing: string[];
}

/** Those that send or write: the others only tell us of what was sent. */
const sending = manifests.filter(({ senders, writer }) => senders !== undefined || writer !== undefined);

/** One configured provider is enough: a run is never half simulated. */
export function chooseProviders(env: RawEnvironment, simulate: boolean): ProviderChoice {
  const configured = sending.filter((group) => isBegun(group, env)).map(({ name }) => name);
  const missing = sending.filter((group) => !isBegun(group, env)).map(({ name }) => name);
  return { kind: simulate || configured.length === 0 ? 'simulated' : 'real', configured, missing };
}

/** Is anything set that the provider cannot do without? Then somebody means it, and what is missing is named. */
function isBegun({ variables }: VariableGroup, env: RawEnvironment): boolean {
  return Object.values(variables).some(({ name, needed }) => needed && (env[name] ?? '').trim() !== '');
}

/** The environment without anything that belongs to a provider: the simulator's settings take its place. */
export function withoutProviders(env: RawEnvironment): RawEnvironment {
  const theirs = new Set(manifests.flatMap(({ variables }) => Object.values(variables).map(({ name }) => name)));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !theirs.has(name)));
}
