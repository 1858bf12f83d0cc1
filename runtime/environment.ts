/** The engine's own variables. A provider's are in its manifest (`providers/<name>/index.ts`). */
import { isIP } from 'node:net';
import { z } from 'zod';
import { failpointsForm } from './failpoints';
import { count, flag, formed, oneOf, optional, port, seconds, secret, text, webUrl, type Settings } from './variables';

const serverList = z.string().refine((list) => list.split(',').every(isServer));

function isServer(server: string): boolean {
  const [, six, four, port] = /^(?:\[([^\]]+)\]|([^[\]:]+)):(\d{1,5})$/.exec(server.trim()) ?? [];
  const isAddress = six === undefined ? isIP(four ?? '') === 4 : isIP(six) === 6;
  return isAddress && Number(port) >= 1 && Number(port) <= 65_535;
}

const variables = {
  databaseUrl: formed('DATABASE_URL', 'PostgreSQL, as a URL.', z.url({ protocol: /^postgres(ql)?$/ }), {
    otherwise: 'none; `npm start` runs an embedded server when it is not set',
    remedy: 'set a URL such as postgresql://user:password@localhost:5432/agency_os',
  }),
  temporalAddress: formed('TEMPORAL_ADDRESS', 'Temporal server, as host:port.', z.string().regex(/^[^\s/:]+:\d+$/), {
    otherwise: 'none; `npm start` runs a dev server when it is not set',
    remedy: 'set host:port of the Temporal server, e.g. 127.0.0.1:7233',
  }),
  temporalNamespace: text('TEMPORAL_NAMESPACE', 'Temporal namespace, a name.', { default: 'default' }),
  temporalCliPath: optional(
    text('TEMPORAL_CLI_PATH', 'Path of the Temporal CLI that runs the dev server.', {
      otherwise: 'looked for on PATH, then fetched',
    }),
  ),
  temporalTestServerPath: optional(
    text('TEMPORAL_TEST_SERVER_PATH', "Path of Temporal's time-skipping test server, for tests and the demo.", {
      otherwise: 'looked for on PATH, then fetched',
    }),
  ),
  apiHost: text('API_HOST', 'Address that the API listens on.', {
    default: '127.0.0.1',
    otherwise: '127.0.0.1, this machine only',
  }),
  apiPort: port('API_PORT', 'Port that the API listens on, 1 to 65535.', { default: 3000 }),
  publicBaseUrl: webUrl(
    'PUBLIC_BASE_URL',
    'URL under which providers and recipients reach the API; it stands in webhooks and unsubscribe links.',
    { remedy: 'set the URL under which providers and recipients reach the API, e.g. https://engine.agency.example' },
  ),
  secretKey: formed(
    'SECRET_KEY',
    'Key of the hash that keeps suppressed addresses, at least 32 characters. Never change it.',
    z.string().min(32),
    { remedy: 'set at least 32 random characters and keep them for ever, e.g. `openssl rand -hex 32`' },
  ),
  operatorApiKey: optional(
    secret('OPERATOR_API_KEY', 'Bearer key of the operator, who creates clients, at least 16 characters.', {
      otherwise: 'none, no operator routes',
    }),
  ),
  onlyThisMachine: flag(
    'ONLY_THIS_MACHINE',
    "Must nothing leave this machine? true refuses providers elsewhere and ignores mailboxes' own accounts.",
    { default: false },
  ),
  dnsServers: optional(
    formed(
      'DNS_SERVERS',
      'Servers that are asked about domains, as ip:port,ip:port (an IPv6 one in brackets).',
      serverList,
      {
        otherwise: "the system's",
        remedy: 'set addresses such as 9.9.9.9:53,[2620:fe::fe]:53',
      },
    ),
  ),
  choresEverySeconds: seconds(
    'CHORES_EVERY_SECONDS',
    'No chore of the maintenance is done more often than so, in seconds; a run in virtual time wants few.',
    { default: 0, otherwise: '0, each chore by its own interval' },
  ),
  failpoints: optional(
    formed(
      'FAILPOINTS',
      'For `npm run faults` alone, with ONLY_THIS_MACHINE: where this process dies, as claimed=kill@12,answer-read=stop@3.',
      z.string().regex(failpointsForm),
      { remedy: 'remove it' },
    ),
  ),
  clockTable: optional(
    text('CLOCK_TABLE', 'For `npm run faults` alone, with ONLY_THIS_MACHINE: file of the clock that the run lives by.'),
  ),
  inboxesAtOnce: count(
    'INBOXES_AT_ONCE',
    'Mailboxes that one worker process reads by IMAP at a time, each with a connection of its own; 0: it reads none.',
    { default: 500 },
  ),
  logLevel: oneOf(
    'LOG_LEVEL',
    'Least level that is logged: trace, debug, info, warn, error, fatal or silent.',
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    { default: 'info' },
  ),
  logFormat: oneOf(
    'LOG_FORMAT',
    'Form of the log: json, pretty, or auto, which is pretty on a terminal and JSON elsewhere.',
    ['auto', 'json', 'pretty'],
    { default: 'auto' },
  ),
};

export const engine = { name: 'the engine', title: 'The engine', variables };

export type EngineSettings = Settings<typeof variables>;
