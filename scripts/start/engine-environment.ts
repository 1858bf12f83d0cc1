import type { RawEnvironment } from '../../runtime/config';
import { simulatorVariables } from '../simulated-accounts';
import { UserError } from '../user-error';
import { withoutProviders, type ProviderChoice } from './provider-choice';
import type { Secrets } from './secrets';

/** What the parts of the stack tell the engine; a place that is not known yet is null. */
export interface EngineAddresses {
  databaseUrl: string | null;
  temporalAddress: string | null;
  simulator: { smtpPort: number; httpUrl: string; dnsPort: number } | null;
  apiPort: number;
}

/** Stand in for places that are not known yet, so that a wrong setting is named before anything starts. */
const later = {
  databaseUrl: 'postgresql://later/later',
  temporalAddress: 'later:1',
  simulator: { smtpPort: 1, httpUrl: 'http://127.0.0.1:1', dnsPort: 1 },
};

/** The engine's environment: what the person has set, completed by what this run started. */
export function engineEnvironment(
  env: RawEnvironment,
  choice: ProviderChoice,
  secrets: Secrets,
  places: EngineAddresses,
): RawEnvironment {
  const { databaseUrl, temporalAddress, simulator, apiPort } = places;
  const own: RawEnvironment = {
    SECRET_KEY: secrets.secretKey,
    OPERATOR_API_KEY: secrets.operatorApiKey,
    ...given(env),
    DATABASE_URL: databaseUrl ?? later.databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress ?? later.temporalAddress,
    API_PORT: String(apiPort),
  };
  // With real providers PUBLIC_BASE_URL has no default: unsubscribe links must lead somewhere.
  if (choice.kind === 'real') return own;
  const simulated = simulatorVariables(secrets.simulatedAccounts, simulator ?? later.simulator);
  return { ...withoutProviders(own), PUBLIC_BASE_URL: `http://127.0.0.1:${apiPort}`, ...simulated };
}

const given = (env: RawEnvironment): RawEnvironment =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));

/** @throws UserError for settings that do not go together */
export function checkTogether(env: RawEnvironment): void {
  const { TEMPORAL_NAMESPACE: namespace, TEMPORAL_ADDRESS: address } = given(env);
  if (address !== undefined || namespace === undefined || namespace === 'default') return;
  throw new UserError(
    `TEMPORAL_NAMESPACE is ${namespace}, but the embedded Temporal server has only "default". Set TEMPORAL_ADDRESS too.`,
  );
}
