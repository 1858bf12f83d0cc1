import type { Places } from './provider';
import { simulatedProviders } from './providers';

/** The engine's accounts at all providers, made anew: each secret by its name. */
export function makeAccounts(): Record<string, string> {
  const makers = simulatedProviders.flatMap(({ account }) => Object.entries(account?.secrets ?? {}));
  return Object.fromEntries(makers.map(([name, make]) => [name, make()]));
}

/** The environment in which the engine uses these accounts, and reaches nothing but this machine. */
export function engineVariables(secrets: Record<string, string>, places: Places): Record<string, string> {
  const variables = simulatedProviders.map(({ account }) => account?.variables(secrets, places) ?? {});
  return Object.assign({ ONLY_THIS_MACHINE: 'true' }, ...variables) as Record<string, string>;
}
