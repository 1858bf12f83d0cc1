import type { RawEnvironment } from '../runtime/config';
import { engineVariables, makeAccounts } from '../simulator/accounts';

/** The secrets of the engine's accounts at the simulated providers, by the simulator's names. */
export type SimulatedAccounts = Record<string, string>;

/** Accounts made anew. */
export const simulatedAccounts = (): SimulatedAccounts => makeAccounts();

/** The variables that point the engine at the simulator, and let it reach nothing but this machine. */
export function simulatorVariables(
  accounts: SimulatedAccounts,
  simulator: { smtpPort: number; httpUrl: string; dnsPort: number },
): RawEnvironment {
  return engineVariables(accounts, simulator);
}
