import { readFileSync } from 'node:fs';
import path from 'node:path';
import { manifests } from '../../providers';
import { ConfigError, loadConfig, withEnvFile } from '../../runtime/config';
import { envExample } from '../../runtime/env-example';
import { engine } from '../../runtime/environment';

const least = {
  DATABASE_URL: 'postgresql://agency:secret@localhost:5432/agency_os',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  PUBLIC_BASE_URL: 'https://engine.agency.example/',
  SECRET_KEY: 'k'.repeat(32),
};

function problemsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env, manifests);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.variable);
    throw error;
  }
  return [];
}

test('the least configuration gets every default, and no provider', () => {
  const config = loadConfig(least, manifests);
  expect(config).toMatchObject({
    temporal: { address: '127.0.0.1:7233', namespace: 'default' },
    api: { host: '127.0.0.1', port: 3000, publicBaseUrl: 'https://engine.agency.example' },
    operatorApiKey: null,
    choresEverySeconds: 0,
    log: { level: 'info', format: 'auto' },
  });
  expect(Object.values(config.providers)).toEqual(manifests.map(() => null));
});

test('servers of the DNS are a list, and on this machine when nothing may leave it', () => {
  const servers = { ...least, DNS_SERVERS: '127.0.0.1:53, [::1]:5353' };
  expect(loadConfig(servers, manifests).dnsServers).toEqual(['127.0.0.1:53', '[::1]:5353']);
  expect(loadConfig(least, manifests).dnsServers).toBeNull();
  expect(loadConfig({ ...servers, ONLY_THIS_MACHINE: 'true' }, manifests).dnsServers).toHaveLength(2);
  const elsewhere = { ...least, DNS_SERVERS: '127.0.0.1:53,9.9.9.9:53' };
  expect(problemsOf({ ...elsewhere, ONLY_THIS_MACHINE: 'true' })).toEqual(['DNS_SERVERS']);
});

test('nothing set: every missing variable is named at once, with a remedy, and no value is repeated', () => {
  expect(problemsOf({})).toEqual(['DATABASE_URL', 'TEMPORAL_ADDRESS', 'PUBLIC_BASE_URL', 'SECRET_KEY']);
  expect(() => loadConfig({ ...least, SECRET_KEY: 'too-short-secret' }, manifests)).toThrow(
    /SECRET_KEY: is not valid; set at least 32/,
  );
  expect(() => loadConfig({ ...least, SECRET_KEY: 'too-short-secret' }, manifests)).not.toThrow(/too-short-secret/);
});

test.each([
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['TEMPORAL_ADDRESS', 'http://localhost:7233'],
  ['API_PORT', '70000'],
  ['API_PORT', 'three'],
  ['INBOXES_AT_ONCE', '-1'],
  ['PUBLIC_BASE_URL', 'engine.agency.example'],
  ['OPERATOR_API_KEY', 'short'],
  ['LOG_LEVEL', 'loud'],
  ['LOG_FORMAT', 'xml'],
  ['MAIL_WEBHOOK_SECRET', 'short'],

  ['ONLY_THIS_MACHINE', 'perhaps'],
  ['DNS_SERVERS', 'dns.example:53'],
  ['DNS_SERVERS', '9.9.9.9'],
  ['DNS_SERVERS', '9.9.9.9:0'],
  ['DNS_SERVERS', '[9.9.9.9]:53'],
  ['DNS_SERVERS', '9.9.9.9:53,'],
])('a bad %s (%s) is refused', (variable, value) => {
  expect(problemsOf({ ...least, [variable]: value })).toEqual([variable]);
});

test.each([
  [{ TWILIO_AUTH_TOKEN: 'x' }, 'TWILIO_ACCOUNT_SID'],
  [{ TWILIO_BASE_URL: 'http://127.0.0.1:1' }, 'TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN'],
  [{ UNIPILE_BASE_URL: 'https://dsn.example' }, 'UNIPILE_API_KEY, UNIPILE_WEBHOOK_SECRET'],
  [{ CLICKSEND_API_KEY: 'x', CLICKSEND_USERNAME: 'y' }, 'CLICKSEND_WEBHOOK_SECRET'],
  [{ SMTP_PORT: '25' }, 'SMTP_HOST'],
  [{ SMTP_HOST: 'mail.agency.example', SMTP_USERNAME: 'anna' }, 'SMTP_PASSWORD'],
  [{ ANTHROPIC_BASE_URL: 'http://127.0.0.1:1' }, 'ANTHROPIC_API_KEY'],
])('a group that is given half names what is missing: %j', (given, missing) => {
  expect(problemsOf({ ...least, ...given })).toEqual([missing]);
});

test('a Twilio account that is none is refused, by its form', () => {
  const given = { ...least, TWILIO_ACCOUNT_SID: 'SK0', TWILIO_AUTH_TOKEN: 'token' };
  expect(problemsOf(given)).toEqual(['TWILIO_ACCOUNT_SID']);
});

test('a wish for a model is no half configured provider', () => {
  expect(loadConfig({ ...least, ANTHROPIC_MODEL: 'claude-opus-5' }, manifests).providers.anthropic).toBeNull();
});

describe('when nothing may leave this machine', () => {
  const here = { ...least, ONLY_THIS_MACHINE: 'true' };
  const clicksend = { CLICKSEND_USERNAME: 'u', CLICKSEND_API_KEY: 'k', CLICKSEND_WEBHOOK_SECRET: 's'.repeat(16) };

  test.each([
    ['a URL elsewhere', { ...clicksend, CLICKSEND_BASE_URL: 'https://rest.clicksend.example' }, ['CLICKSEND_BASE_URL']],
    ['a default that is elsewhere', { ANTHROPIC_API_KEY: 'key' }, ['ANTHROPIC_BASE_URL']],
    ['a relay elsewhere', { SMTP_HOST: 'mail.agency.example' }, ['SMTP_HOST']],
    ['a name that looks like this machine', { SMTP_HOST: '127.0.0.1.agency.example' }, ['SMTP_HOST']],
    ['this machine', { ...clicksend, CLICKSEND_BASE_URL: 'http://127.0.0.1:4', SMTP_HOST: 'localhost' }, []],
    ['this machine by IPv6', { ...clicksend, CLICKSEND_BASE_URL: 'http://[::1]:4' }, []],
  ])('%s', (_, given: Record<string, string>, refused) => {
    expect(problemsOf({ ...here, ...given })).toEqual(refused);
  });

  test('the same places are fine otherwise', () => {
    expect(problemsOf({ ...least, ANTHROPIC_API_KEY: 'key', SMTP_HOST: 'mail.agency.example' })).toEqual([]);
  });
});

test('several problems at once are all named', () => {
  const env = {
    ...least,
    API_PORT: '0',
    TWILIO_AUTH_TOKEN: 'x',
    SMTP_SECURE: 'perhaps',
    SMTP_HOST: 'mail.agency.example',
  };
  expect(problemsOf(env)).toEqual(['API_PORT', 'SMTP_SECURE', 'TWILIO_ACCOUNT_SID']);
});

test('a whole group becomes a provider', () => {
  const { providers } = loadConfig(
    {
      ...least,
      SMTP_HOST: 'mail.agency.example',
      SMTP_SECURE: 'true',
      TWILIO_ACCOUNT_SID: 'AC1',
      TWILIO_AUTH_TOKEN: 'token',
      ANTHROPIC_API_KEY: 'key',
    },
    manifests,
  );
  expect(providers.smtp).toEqual({
    host: 'mail.agency.example',
    port: 587,
    username: null,
    password: null,
    secure: true,
  });
  expect(providers.twilio).toEqual({ baseUrl: 'https://api.twilio.com', accountSid: 'AC1', authToken: 'token' });
  expect(providers.anthropic).toEqual({
    baseUrl: 'https://api.anthropic.com',
    apiKey: 'key',
    model: 'claude-sonnet-5-5',
  });
});

describe('.env.example', () => {
  const file = path.join(__dirname, '..', '..', '.env.example');
  const lines = readFileSync(file, 'utf8').split('\n');
  const named = lines.flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);

  test('has exactly the variables that the engine reads', () => {
    expect([...named].sort()).toEqual(
      [engine, ...manifests].flatMap(({ variables }) => Object.values(variables).map(({ name }) => name)).sort(),
    );
  });

  test('is what the list of providers says: node --import tsx scripts/provider-texts.ts writes it', () => {
    expect(lines.join('\n')).toBe(envExample(manifests));
  });

  test.each(named)('%s has a sentence and a default', (variable) => {
    const sentence = lines[lines.findIndex((line) => line.startsWith(`${variable}=`)) - 1];
    expect(sentence).toMatch(/^# [A-Z].*\. |^# Does .*\? /);
    expect(sentence).toContain('Default: ');
  });

  test('as it is, it names only what has no default', () => {
    expect(problemsOf(withEnvFile({}, file) as Record<string, string>)).toEqual([
      'DATABASE_URL',
      'TEMPORAL_ADDRESS',
      'PUBLIC_BASE_URL',
      'SECRET_KEY',
    ]);
  });
});

test('what makes a process fail, or its clock lie, is refused where something can leave this machine', () => {
  const faults = { ...least, FAILPOINTS: 'claimed=kill@3', CLOCK_TABLE: '/run/clock.json' };
  expect(problemsOf(faults)).toEqual(['FAILPOINTS', 'CLOCK_TABLE']);
  const config = loadConfig({ ...faults, ONLY_THIS_MACHINE: 'true' }, manifests);
  expect(config).toMatchObject({ failpoints: 'claimed=kill@3', clockTable: '/run/clock.json' });
  expect(loadConfig(least, manifests)).toMatchObject({ failpoints: null, clockTable: null });
  expect(problemsOf({ ...least, ONLY_THIS_MACHINE: 'true', FAILPOINTS: 'somewhere=kill@1' })).toEqual(['FAILPOINTS']);
});
