import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import {
  environmentSchema,
  providerGroups,
  remedies,
  variableNames,
  type Environment,
  type VariableName,
} from './environment';

/** The environment as it arrives: `process.env`, with or without a `.env` file behind it. */
export type RawEnvironment = Record<string, string | undefined>;

/** The whole configuration, parsed once. A provider that is not configured is null. */
export interface Config {
  database: { url: string };
  temporal: { address: string; namespace: string };
  api: { host: string; port: number; publicBaseUrl: string };
  /** Key of the keyed hash of suppressed addresses, at least 32 characters. */
  secretKey: string;
  /** The operator's bearer key, in clear; null: no operator routes. */
  operatorApiKey: string | null;
  log: { level: Environment['LOG_LEVEL']; format: Environment['LOG_FORMAT'] };
  providers: ProvidersConfig;
}

export interface ProvidersConfig {
  smtp: { host: string; port: number; username: string | null; password: string | null; secure: boolean } | null;
  twilio: { baseUrl: string; accountSid: string; authToken: string } | null;
  unipile: { baseUrl: string; apiKey: string; webhookSecret: string } | null;
  clicksend: { baseUrl: string; username: string; apiKey: string; webhookSecret: string } | null;
  anthropic: { baseUrl: string; apiKey: string; model: string } | null;
  salesforge: { webhookSecret: string } | null;
  mail: { webhookSecret: string } | null;
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
 * @throws ConfigError that names every bad variable at once, each with its remedy
 */
export function loadConfig(env: RawEnvironment): Config {
  const given = nonEmpty(env);
  const parsed = environmentSchema.safeParse(given);
  const problems = [...badValues(parsed.success ? [] : parsed.error.issues, given), ...halfGroups(given)];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.data);
}

/** The environment, completed by the `.env` file when there is one. A variable that is set wins over the file. */
export function withEnvFile(env: RawEnvironment, file = '.env'): RawEnvironment {
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')), ...nonEmpty(env) } : env;
}

/** `NAME=` in an env file means "not set". */
function nonEmpty(env: RawEnvironment): RawEnvironment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
}

function badValues(issues: { path: PropertyKey[] }[], given: RawEnvironment): ConfigProblem[] {
  const bad = new Set(issues.map((issue) => String(issue.path[0])));
  return variableNames
    .filter((variable) => bad.has(variable))
    .map((variable) => {
      const remedy = remedies[variable] ?? 'set a value';
      return { variable, remedy: `${variable in given ? 'is not valid' : 'is missing'}; ${remedy}` };
    });
}

function halfGroups(given: RawEnvironment): ConfigProblem[] {
  return Object.entries(providerGroups).flatMap(([group, { variables, needs }]) => {
    const missing = needs.filter((variable) => !(variable in given));
    const present = variables.filter((variable) => variable in given);
    if (present.length === 0 || missing.length === 0) return [];
    return [
      {
        variable: missing.join(', '),
        remedy: `missing, while ${present.join(', ')} is set; set all of ${group} or remove it`,
      },
    ];
  });
}

function toConfig(env: Environment): Config {
  return {
    database: { url: env.DATABASE_URL },
    temporal: { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE },
    api: { host: env.API_HOST, port: env.API_PORT, publicBaseUrl: withoutSlash(env.PUBLIC_BASE_URL) },
    secretKey: env.SECRET_KEY,
    operatorApiKey: env.OPERATOR_API_KEY ?? null,
    log: { level: env.LOG_LEVEL, format: env.LOG_FORMAT },
    providers: toProviders(env),
  };
}

function toProviders(env: Environment): ProvidersConfig {
  const { SMTP_HOST, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, ANTHROPIC_API_KEY } = env;
  return {
    smtp:
      SMTP_HOST === undefined
        ? null
        : {
            host: SMTP_HOST,
            port: env.SMTP_PORT,
            username: env.SMTP_USERNAME ?? null,
            password: env.SMTP_PASSWORD ?? null,
            secure: env.SMTP_SECURE,
          },
    twilio:
      TWILIO_ACCOUNT_SID === undefined || TWILIO_AUTH_TOKEN === undefined
        ? null
        : { baseUrl: withoutSlash(env.TWILIO_BASE_URL), accountSid: TWILIO_ACCOUNT_SID, authToken: TWILIO_AUTH_TOKEN },
    ...toSecretProviders(env),
    anthropic:
      ANTHROPIC_API_KEY === undefined
        ? null
        : { baseUrl: withoutSlash(env.ANTHROPIC_BASE_URL), apiKey: ANTHROPIC_API_KEY, model: env.ANTHROPIC_MODEL },
  };
}

/** The providers whose webhooks carry a secret that we chose. */
function toSecretProviders(env: Environment): Pick<ProvidersConfig, 'unipile' | 'clicksend' | 'salesforge' | 'mail'> {
  const { UNIPILE_BASE_URL, UNIPILE_API_KEY, UNIPILE_WEBHOOK_SECRET } = env;
  const { CLICKSEND_USERNAME, CLICKSEND_API_KEY, CLICKSEND_WEBHOOK_SECRET } = env;
  return {
    unipile:
      UNIPILE_BASE_URL === undefined || UNIPILE_API_KEY === undefined || UNIPILE_WEBHOOK_SECRET === undefined
        ? null
        : {
            baseUrl: withoutSlash(UNIPILE_BASE_URL),
            apiKey: UNIPILE_API_KEY,
            webhookSecret: UNIPILE_WEBHOOK_SECRET,
          },
    clicksend:
      CLICKSEND_USERNAME === undefined || CLICKSEND_API_KEY === undefined || CLICKSEND_WEBHOOK_SECRET === undefined
        ? null
        : {
            baseUrl: withoutSlash(env.CLICKSEND_BASE_URL),
            username: CLICKSEND_USERNAME,
            apiKey: CLICKSEND_API_KEY,
            webhookSecret: CLICKSEND_WEBHOOK_SECRET,
          },
    salesforge: secret(env.SALESFORGE_WEBHOOK_SECRET),
    mail: secret(env.MAIL_WEBHOOK_SECRET),
  };
}

const secret = (webhookSecret: string | undefined) => (webhookSecret === undefined ? null : { webhookSecret });

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/** Every variable of the environment that the engine reads. */
export const configVariables: readonly VariableName[] = variableNames;
