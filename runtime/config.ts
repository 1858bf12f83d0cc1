import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { engine, type EngineSettings } from './environment';
import { isThisMachine } from './this-machine';
import type { VariableGroup } from './variables';

/** The environment as it arrives: `process.env`, with or without a `.env` file behind it. */
export type RawEnvironment = Record<string, string | undefined>;

/** What is set for each provider, by its name; null: it is not configured. Its manifest knows the form. */
export type ConfiguredProviders = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

/** The whole configuration, parsed once. */
export interface Config {
  database: { url: string };
  temporal: { address: string; namespace: string };
  api: { host: string; port: number; publicBaseUrl: string };
  /** Key of the keyed hash of suppressed addresses, at least 32 characters. */
  secretKey: string;
  /** The operator's bearer key, in clear; null: no operator routes. */
  operatorApiKey: string | null;
  /** Nothing is ever sent to a host that is not this machine. */
  onlyThisMachine: boolean;
  /** ip:port each; null: the system's. */
  dnsServers: readonly string[] | null;
  /** No chore of the maintenance is done more often. */
  choresEverySeconds: number;
  /** Where this process is made to fail; null: nowhere (`runtime/failpoints.ts`). */
  failpoints: string | null;
  /** File of a table of the clock; null: the system's clock. */
  clockTable: string | null;
  /** Mailboxes that one worker process reads by IMAP at a time. */
  inboxesAtOnce: number;
  log: { level: EngineSettings['logLevel']; format: EngineSettings['logFormat'] };
  providers: ConfiguredProviders;
}

export interface ConfigProblem {
  /** The variable, or several that belong together. */
  variable: string;
  remedy: string;
}

/** The configuration is wrong. The message is a list for people: print it without the stack. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: ConfigProblem[]) {
    const lines = problems.map(({ variable, remedy }) => `  ${variable}: ${remedy}`);
    super(`The configuration is wrong (see .env.example):\n${lines.join('\n')}`);
  }
}

/**
 * Parses the configuration, once, at the start of a process.
 * @param providers the groups that may be configured or not (`providers` of providers/index.ts)
 * @throws ConfigError that names every bad variable at once, each with its remedy
 */
export function loadConfig(env: RawEnvironment, providers: readonly VariableGroup[]): Config {
  const given = nonEmpty(env);
  const problems = [
    ...badValues(engine, given, true),
    ...providers.flatMap((group) => badValues(group, given, false)),
    ...providers.flatMap((group) => halfGroups(group, given)),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  const own = valuesOf(engine, given) as EngineSettings;
  const configured = Object.fromEntries(
    providers.map((group) => [group.name, isConfigured(group, given) ? valuesOf(group, given) : null]),
  );
  const elsewhere = own.onlyThisMachine
    ? [...serversElsewhere(own), ...providers.flatMap((group) => placesElsewhere(group, configured))]
    : faultsElsewhere(given);
  if (elsewhere.length > 0) throw new ConfigError(elsewhere);
  return toConfig(own, configured);
}

/** Is everything set that the group needs? */
export function isConfigured(group: VariableGroup, env: RawEnvironment): boolean {
  const given = nonEmpty(env);
  return Object.values(group.variables).every(({ name, needed }) => !needed || name in given);
}

/** The environment, completed by the `.env` file when there is one. A variable that is set wins over the file. */
export function withEnvFile(env: RawEnvironment, file = '.env'): RawEnvironment {
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')), ...nonEmpty(env) } : env;
}

/** `NAME=` in an env file means "not set". */
function nonEmpty(env: RawEnvironment): RawEnvironment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
}

/** @param required are needed variables missed, or does that only mean that the group is not configured? */
function badValues(group: VariableGroup, given: RawEnvironment, required: boolean): ConfigProblem[] {
  return Object.values(group.variables).flatMap(({ name, needed, remedy, schema }) => {
    if (!(name in given)) return required && needed ? [{ variable: name, remedy: `is missing; ${remedy}` }] : [];
    return schema.safeParse(given[name]).success ? [] : [{ variable: name, remedy: `is not valid; ${remedy}` }];
  });
}

/** A provider is never half configured. */
function halfGroups(group: VariableGroup, given: RawEnvironment): ConfigProblem[] {
  const all = Object.values(group.variables);
  const whole = { name: group.name, present: all.filter((one) => !one.alone), wanted: all.filter((one) => one.needed) };
  const parts = (group.together ?? []).map(({ name, settings }) => {
    const these = settings.flatMap((setting) => group.variables[setting] ?? []);
    return { name, present: these, wanted: these };
  });
  return [whole, ...parts].flatMap(({ name, ...part }) => {
    const missing = part.wanted.map((one) => one.name).filter((variable) => !(variable in given));
    const present = part.present.map((one) => one.name).filter((variable) => variable in given);
    if (present.length === 0 || missing.length === 0) return [];
    const remedy = `missing, while ${present.join(', ')} is set; set all of ${name} or remove it`;
    return [{ variable: missing.join(', '), remedy }];
  });
}

function valuesOf(group: VariableGroup, given: RawEnvironment): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(group.variables).map(([setting, { name, schema }]) => [setting, schema.parse(given[name])]),
  );
}

/** The places of configured providers that are not on this machine, defaults included. */
function placesElsewhere(group: VariableGroup, configured: ConfiguredProviders): ConfigProblem[] {
  const settings = configured[group.name];
  if (!settings) return [];
  return Object.entries(group.variables).flatMap(([setting, { name, place }]) => {
    const value = settings[setting];
    if (place === null || typeof value !== 'string') return [];
    if (isThisMachine(place === 'url' ? new URL(value).hostname : value)) return [];
    return [{ variable: name, remedy: leadsAway }];
  });
}

const serversOf = (list: string): string[] => list.split(',').map((server) => server.trim());

function serversElsewhere({ dnsServers }: EngineSettings): ConfigProblem[] {
  const hosts = serversOf(dnsServers ?? '').map((server) => server.replace(/:\d+$/, ''));
  if (dnsServers === null || hosts.every(isThisMachine)) return [];
  return [{ variable: engine.variables.dnsServers.name, remedy: leadsAway }];
}

/** What makes a process fail or its clock lie has no place where somebody can be reached. */
function faultsElsewhere(given: RawEnvironment): ConfigProblem[] {
  const { failpoints, clockTable } = engine.variables;
  return [failpoints, clockTable]
    .filter(({ name }) => name in given)
    .map(({ name }) => ({ variable: name, remedy: 'is for `npm run faults` alone; remove it' }));
}

const leadsAway = 'leads away from this machine, while ONLY_THIS_MACHINE is true';

function toConfig(own: EngineSettings, providers: ConfiguredProviders): Config {
  return {
    database: { url: own.databaseUrl },
    temporal: { address: own.temporalAddress, namespace: own.temporalNamespace },
    api: { host: own.apiHost, port: own.apiPort, publicBaseUrl: own.publicBaseUrl },
    secretKey: own.secretKey,
    operatorApiKey: own.operatorApiKey,
    onlyThisMachine: own.onlyThisMachine,
    dnsServers: own.dnsServers === null ? null : serversOf(own.dnsServers),
    choresEverySeconds: own.choresEverySeconds,
    failpoints: own.failpoints,
    clockTable: own.clockTable,
    inboxesAtOnce: own.inboxesAtOnce,
    log: { level: own.logLevel, format: own.logFormat },
    providers,
  };
}
