/**
 * Every variable of the environment: its form, its default and, in words, what to do about a bad one.
 * `.env.example` tells the same list to people; a test compares both.
 */
import { z } from 'zod';

const optionalText = z.string().optional();
const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);
const webUrl = z.url({ protocol: /^https?$/ });

export const environmentSchema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  TEMPORAL_ADDRESS: z.string().regex(/^[^\s/:]+:\d+$/),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_CLI_PATH: optionalText,
  TEMPORAL_TEST_SERVER_PATH: optionalText,
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: port(3000),
  PUBLIC_BASE_URL: webUrl,
  SECRET_KEY: z.string().min(32),
  OPERATOR_API_KEY: z.string().min(16).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['auto', 'json', 'pretty']).default('auto'),
  SMTP_HOST: optionalText,
  SMTP_PORT: port(587),
  SMTP_USERNAME: optionalText,
  SMTP_PASSWORD: optionalText,
  SMTP_SECURE: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  TWILIO_BASE_URL: webUrl.default('https://api.twilio.com'),
  TWILIO_ACCOUNT_SID: optionalText,
  TWILIO_AUTH_TOKEN: optionalText,
  UNIPILE_BASE_URL: webUrl.optional(),
  UNIPILE_API_KEY: optionalText,
  UNIPILE_WEBHOOK_SECRET: z.string().min(16).optional(),
  CLICKSEND_BASE_URL: webUrl.default('https://rest.clicksend.com'),
  CLICKSEND_USERNAME: optionalText,
  CLICKSEND_API_KEY: optionalText,
  CLICKSEND_WEBHOOK_SECRET: z.string().min(16).optional(),
  SALESFORGE_WEBHOOK_SECRET: z.string().min(16).optional(),
  MAIL_WEBHOOK_SECRET: z.string().min(16).optional(),
  ANTHROPIC_BASE_URL: webUrl.default('https://api.anthropic.com'),
  ANTHROPIC_API_KEY: optionalText,
  ANTHROPIC_MODEL: z.string().default('claude-sonnet-5-5'),
});

export type Environment = z.infer<typeof environmentSchema>;
export type VariableName = keyof Environment;

export const variableNames = Object.keys(environmentSchema.shape) as VariableName[];

const aPort = 'set a port, 1 to 65535';
const aWebUrl = 'set a URL that starts with https:// or http://';
const aSecret = 'set at least 16 random characters, e.g. `openssl rand -hex 16`';

/** What to do about a value that was refused. Values are never repeated: many of them are secrets. */
export const remedies: Partial<Record<VariableName, string>> = {
  DATABASE_URL: 'set a URL such as postgresql://user:password@localhost:5432/agency_os',
  TEMPORAL_ADDRESS: 'set host:port of the Temporal server, e.g. 127.0.0.1:7233',
  API_PORT: aPort,
  PUBLIC_BASE_URL: 'set the URL under which providers and recipients reach the API, e.g. https://engine.agency.example',
  SECRET_KEY: 'set at least 32 random characters and keep them for ever, e.g. `openssl rand -hex 32`',
  OPERATOR_API_KEY: aSecret,
  LOG_LEVEL: 'set one of trace, debug, info, warn, error, fatal, silent',
  LOG_FORMAT: 'set one of auto, json, pretty',
  SMTP_PORT: aPort,
  SMTP_SECURE: 'set true or false',
  TWILIO_BASE_URL: aWebUrl,
  UNIPILE_BASE_URL: 'set the URL of your Unipile DSN, e.g. https://api1.unipile.com:13111',
  UNIPILE_WEBHOOK_SECRET: aSecret,
  CLICKSEND_BASE_URL: aWebUrl,
  CLICKSEND_WEBHOOK_SECRET: aSecret,
  SALESFORGE_WEBHOOK_SECRET: aSecret,
  MAIL_WEBHOOK_SECRET: aSecret,
  ANTHROPIC_BASE_URL: aWebUrl,
};

/** Providers are optional, but never half configured: with one variable of a group, `needs` must be there too. */
export const providerGroups: Record<string, { variables: VariableName[]; needs: VariableName[] }> = {
  smtp: {
    variables: ['SMTP_HOST', 'SMTP_PORT', 'SMTP_USERNAME', 'SMTP_PASSWORD', 'SMTP_SECURE'],
    needs: ['SMTP_HOST'],
  },
  'smtp login': { variables: ['SMTP_USERNAME', 'SMTP_PASSWORD'], needs: ['SMTP_USERNAME', 'SMTP_PASSWORD'] },
  twilio: {
    variables: ['TWILIO_BASE_URL', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
    needs: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
  },
  unipile: {
    variables: ['UNIPILE_BASE_URL', 'UNIPILE_API_KEY', 'UNIPILE_WEBHOOK_SECRET'],
    needs: ['UNIPILE_BASE_URL', 'UNIPILE_API_KEY', 'UNIPILE_WEBHOOK_SECRET'],
  },
  clicksend: {
    variables: ['CLICKSEND_BASE_URL', 'CLICKSEND_USERNAME', 'CLICKSEND_API_KEY', 'CLICKSEND_WEBHOOK_SECRET'],
    needs: ['CLICKSEND_USERNAME', 'CLICKSEND_API_KEY', 'CLICKSEND_WEBHOOK_SECRET'],
  },
  anthropic: { variables: ['ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY'], needs: ['ANTHROPIC_API_KEY'] },
};
