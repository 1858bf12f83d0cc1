import path from 'node:path';
import { scopes } from '../../api/caller';
import { systemClock } from '../../runtime/clock';
import { withEnvFile } from '../../runtime/config';
import { createApiKey } from '../../store/tenants/api-keys';
import { announceCommands, announceKey, announceKnownClient, announceStack } from './announce';
import { checkTogether } from './engine-environment';
import { createFirstClient } from './first-client';
import { holdData } from './hold-data';
import { readStartOptions, startUsage, type StartOptions } from './options';
import { PartEnded } from './part-ended';
import { chooseProviders, type ProviderChoice } from './provider-choice';
import { openSecrets, writeSecrets, type Secrets } from './secrets';
import { startStack, type RunningStack } from './stack';

/** Milliseconds that an orderly end may take; servers that are left then end with this process. */
const stopWithinMs = 45_000;

/** @returns the process's exit code: 0 after Ctrl-C. @throws UserError for what the person can mend */
export async function runStart(args: string[], root: string): Promise<number> {
  const options = readStartOptions(args, root);
  if (options === null) {
    console.log(startUsage);
    return 0;
  }
  const stopAsked = listenForStop();
  const env = withEnvFile(process.env, options.settings);
  checkTogether(env);
  const choice = chooseProviders(env, options.simulate);
  const data = options.data ?? path.join(root, 'var', choice.kind === 'real' ? 'start-real' : 'start');
  const letGo = await holdData(data);
  try {
    const secrets = openSecrets(data, choice.kind);
    return await run({ root, data, env, choice, secrets, options }, stopAsked);
  } finally {
    letGo();
  }
}

/** The first Ctrl-C asks for an orderly end, the second one ends at once. */
function listenForStop(): AbortSignal {
  const stop = new AbortController();
  const ask = (): void => {
    if (stop.signal.aborted) process.exit(130);
    console.log('\nStopping … (Ctrl-C again ends at once)');
    stop.abort();
  };
  process.on('SIGINT', ask).on('SIGTERM', ask);
  return stop.signal;
}

interface Run {
  root: string;
  data: string;
  env: ReturnType<typeof withEnvFile>;
  choice: ProviderChoice;
  secrets: Secrets;
  options: StartOptions;
}

async function run(run: Run, stopAsked: AbortSignal): Promise<number> {
  const { choice, data, secrets, options } = run;
  const stops: (() => Promise<void>)[] = [];
  const goOn = (): void => {
    if (stopAsked.aborted) throw new Interrupted();
  };
  const stopped = new Promise<never>((_, reject) => {
    stopAsked.addEventListener('abort', () => reject(new Interrupted()));
  });
  stopped.catch(() => undefined);
  try {
    console.log(`Starting PostgreSQL, Temporal, ${choice.kind === 'simulated' ? 'simulator, ' : ''}worker and API …`);
    const say = (line: string): void => console.log(`  ${line}`);
    const stack = await startStack({ ...run, ports: options.ports, say, goOn }, stops);
    goOn();
    const key = await keyToShow(stack, choice, secrets, options.newKey);
    announceStack(stack, choice, data);
    announceClient(key, secrets, data);
    await noteKeyShown(data, secrets, key);
    announceCommands(stack.engine.apiUrl, choice, key?.secret ?? null);
    return await Promise.race([stack.broken, stopped]);
  } catch (error) {
    if (error instanceof Interrupted) return 0;
    if (!(error instanceof PartEnded)) throw error;
    console.error(`\nStopping, because ${error.message}. The data are kept: start again with npm start.`);
    return 1;
  } finally {
    await stopAll(stops);
  }
}

interface ShownKey {
  title: string;
  secret: string;
  client: { id: string; name: string };
}

/** null: nothing new to show. */
async function keyToShow(
  { engine, config }: RunningStack,
  choice: ProviderChoice,
  secrets: Secrets,
  another: boolean,
): Promise<ShownKey | null> {
  const now = await systemClock.now();
  const known = secrets.firstClient;
  if (known === null) {
    const api = { url: engine.apiUrl, operatorKey: config.operatorApiKey ?? '', setupId: secrets.setupId };
    const { id, name, key, timezone } = await createFirstClient(api, choice.kind, now);
    return { title: `The first API key of "${name}" (${timezone}).`, secret: key, client: { id, name } };
  }
  if (!another) return null;
  const asked = { clientId: known.id, name: 'npm start --new-key', scopes, expiresAt: null, now };
  const { secret } = await createApiKey(engine.database, asked);
  return { title: `Another API key of "${known.name}".`, secret, client: known };
}

function announceClient(key: ShownKey | null, { firstClient }: Secrets, data: string): void {
  if (key !== null) announceKey(key.title, key.secret);
  else if (firstClient !== null) announceKnownClient(firstClient, data);
}

async function noteKeyShown(data: string, secrets: Secrets, key: ShownKey | null): Promise<void> {
  if (key === null) return;
  const { id, name } = key.client;
  const keyShownAt = (await systemClock.now()).toISOString();
  writeSecrets(data, { ...secrets, firstClient: { id, name, keyShownAt } });
}

async function stopAll(stops: (() => Promise<void>)[]): Promise<void> {
  const late = setTimeout(() => {
    console.error(`Not everything stopped within ${stopWithinMs / 1000} s; the rest is ended.`);
    process.exit(1);
  }, stopWithinMs);
  for (let next = stops.pop(); next !== undefined; next = stops.pop()) {
    await next().catch((error: unknown) => console.error(error instanceof Error ? error.message : error));
  }
  clearTimeout(late);
}

/** Ctrl-C. */
class Interrupted extends Error {}
