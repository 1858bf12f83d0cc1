import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { manifests } from '../../providers';
import { loadConfig } from '../../runtime/config';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { checkTogether, engineEnvironment } from '../../scripts/start/engine-environment';
import { holdData } from '../../scripts/start/hold-data';
import { readStartOptions } from '../../scripts/start/options';
import { portFor } from '../../scripts/start/ports';
import { chooseProviders } from '../../scripts/start/provider-choice';
import { openSecrets, writeSecrets } from '../../scripts/start/secrets';

const anthropic = { ANTHROPIC_API_KEY: 'key' };
const places = {
  databaseUrl: 'postgresql://x@127.0.0.1:1/x',
  temporalAddress: '127.0.0.1:2',
  simulator: { smtpPort: 3, httpUrl: 'http://127.0.0.1:4', dnsPort: 6 },
  apiPort: 5,
};

describe('what npm start decides', () => {
  let data: string;
  beforeEach(() => {
    data = mkdtempSync(path.join(tmpdir(), 'agency-os-choices-'));
  });
  afterEach(() => rmSync(data, { recursive: true, force: true }));

  test.each([
    ['nothing is set', {}, false, 'simulated'],
    ['a line is left empty', { SMTP_HOST: '' }, false, 'simulated'],
    ['only a base URL is set', { TWILIO_BASE_URL: 'https://api.twilio.example' }, false, 'simulated'],
    ['one provider is set', anthropic, false, 'real'],
    ['one provider is set, and the simulator asked for', anthropic, true, 'simulated'],
  ])('providers when %s', (_, env, simulate, kind) => {
    expect(chooseProviders(env, simulate).kind).toBe(kind);
  });

  test('a simulated run has no setting of a real provider', () => {
    const env = { ...anthropic, SMTP_HOST: 'smtp.relay.example', SMTP_USERNAME: 'u', SMTP_PASSWORD: 'p' };
    const choice = chooseProviders(env, true);
    const config = loadConfig(engineEnvironment(env, choice, openSecrets(data, 'simulated'), places), manifests);
    expect(config.providers.smtp).toEqual({
      host: '127.0.0.1',
      port: 3,
      username: null,
      password: null,
      secure: false,
    });
    expect(config.providers.anthropic).toMatchObject({ baseUrl: 'http://127.0.0.1:4' });
    expect(config.providers.anthropic?.apiKey).not.toBe('key');
    expect(config.api.publicBaseUrl).toBe('http://127.0.0.1:5');
    expect(config.onlyThisMachine).toBe(true);
    // Mailforge sells accounts: the simulated world has none.
    expect(Object.entries(config.providers).filter(([, settings]) => settings === null)).toEqual([['mailforge', null]]);
  });

  test('a real run needs a public URL, because unsubscribe links must lead somewhere', () => {
    const choice = chooseProviders(anthropic, false);
    const secrets = openSecrets(data, 'real');
    expect(() => loadConfig(engineEnvironment(anthropic, choice, secrets, places), manifests)).toThrow(
      /PUBLIC_BASE_URL/,
    );
    const env = { ...anthropic, PUBLIC_BASE_URL: 'https://engine.agency.example', SECRET_KEY: 'k'.repeat(32) };
    const config = loadConfig(engineEnvironment(env, choice, secrets, places), manifests);
    expect(config.secretKey).toBe('k'.repeat(32));
    expect(config.providers.smtp).toBeNull();
  });

  test('secrets are made once, and invented data never meet real providers', () => {
    const made = openSecrets(data, 'simulated');
    expect(openSecrets(data, 'simulated')).toEqual(made);
    expect(() => openSecrets(data, 'real')).toThrow(/made with simulated providers/);
    writeSecrets(data, { ...made, firstClient: { id: '1', name: 'x', keyShownAt: '2026-11-22T00:00:00.000Z' } });
    expect(openSecrets(data, 'simulated').firstClient?.id).toBe('1');
    writeFileSync(path.join(data, 'secrets.json'), '{"secretKey":');
    expect(() => openSecrets(data, 'simulated')).toThrow(/cannot be read/);
  });

  test('data are held by one run, and a crashed one gives them up', async () => {
    const letGo = await holdData(data);
    const file = path.join(data, 'running.json');
    const held = readFileSync(file, 'utf8');
    await expect(holdData(data)).rejects.toThrow(/already runs on/);
    letGo();
    // The port is free or somebody else's now, as after a crash.
    writeFileSync(file, held);
    const again = await holdData(data);
    again();
    writeFileSync(file, '{"pid": 1, "po');
    (await holdData(data))();
  });

  test('a port that is taken gives way to a free one, and that is said', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const said: string[] = [];
    expect(await portFor('the API', port, (line) => said.push(line))).not.toBe(port);
    expect(said).toHaveLength(1);
    other.close();
    await once(other, 'close');
    expect(await portFor('the API', port, (line) => said.push(line))).toBe(port);
    expect(said).toHaveLength(1);
  });

  test('options and settings that make no sense are named', () => {
    expect(() => readStartOptions(['--bogus'], '/x')).toThrow(/--bogus/);
    expect(() => readStartOptions(['--api-port', '70000'], '/x')).toThrow(/--api-port/);
    expect(() => checkTogether({ TEMPORAL_NAMESPACE: 'agency' })).toThrow(/TEMPORAL_ADDRESS/);
    expect(() => checkTogether({ TEMPORAL_NAMESPACE: 'agency', TEMPORAL_ADDRESS: 'host:7233' })).not.toThrow();
  });
});
