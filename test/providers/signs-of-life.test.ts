import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { manifests, watchProviders } from '../../providers';
import { provider, signOfLifeMs } from '../../providers/manifest';
import { watchSigns } from '../../providers/signs-of-life';
import { loadConfig } from '../../runtime/config';
import { makeAccounts, engineVariables } from '../../simulator/accounts';
import { config } from '../simulator/support/settings';
import { openWorld } from '../simulator/support/world';
import type { Answer } from './local-api';
import { anywhere, localApi, nobodyThere } from './local-api';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Settings with which each provider that is asked by HTTP asks there. */
const settingsAt = (baseUrl: string) => ({
  twilio: { baseUrl, accountSid: 'AC1', authToken: 'token' },
  unipile: { baseUrl, apiKey: 'key', webhookSecret: 'secret' },
  clicksend: { baseUrl, username: 'user', apiKey: 'key', webhookSecret: 'secret' },
  anthropic: { baseUrl, apiKey: 'key', model: 'claude-sonnet-5-5' },
});

async function statesWhen(answer: Answer) {
  const api = await localApi(() => answer);
  closers.push(api.close);
  return { states: await watchProviders(settingsAt(api.url), anywhere())(), seen: api.seen };
}
const all = (state: string) => ({ twilio: state, unipile: state, clicksend: state, anthropic: state });

describe('a sign of life by HTTP', () => {
  test('is one request with our credentials', async () => {
    const { states, seen } = await statesWhen({ status: 200, json: {} });
    expect(states).toMatchObject(all('answers'));
    expect(seen.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /2010-04-01/Accounts/AC1.json',
      'GET /api/v1/accounts',
      'GET /v1/models/claude-sonnet-5-5',
      'GET /v3/account',
    ]);
    expect(seen.every(({ headers }) => headers.authorization ?? headers['x-api-key'])).toBe(true);
  });

  test.each<[string, Answer, string]>([
    ['401', { status: 401 }, 'refuses'],
    ['403', { status: 403 }, 'refuses'],
    ['404', { status: 404 }, 'refuses'],
    ['429', { status: 429 }, 'answers'],
    ['503', { status: 503 }, 'silent'],
    ['a reset connection', 'reset', 'silent'],
  ])('%s: %s', async (_, answer, state) => {
    expect((await statesWhen(answer)).states).toMatchObject(all(state));
  });

  test('nobody there, and nobody who answers in time: silent, and soon', async () => {
    expect(await watchProviders(settingsAt(await nobodyThere()), anywhere())()).toMatchObject(all('silent'));
    const before = performance.now();
    expect((await statesWhen('hang')).states).toMatchObject(all('silent'));
    expect(performance.now() - before).toBeLessThan(signOfLifeMs + 1_000);
  });
});

test('a relay that says nothing is silent, one that refuses us refuses', async () => {
  const states = async (greeting: string | null) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (greeting !== null) socket.write(greeting);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const smtp = { host: '127.0.0.1', port, username: null, password: null, secure: false };
    const { smtp: state } = await watchProviders({ smtp }, anywhere())();
    server.close();
    return state;
  };
  expect(await states(null)).toBe('silent');
  expect(await states('554 not you\r\n')).toBe('refuses');
});

test('nothing configured: every provider says so, and nobody is asked', async () => {
  const states = await watchProviders({}, anywhere())();
  expect(states).toEqual(Object.fromEntries(manifests.map(({ name }) => [name, 'not configured'])));
});

test('is kept, so that whoever looks often does not load the providers', async () => {
  let asked = 0;
  const one = provider({
    name: 'one',
    title: 'One',
    variables: {},
    signOfLife: () => {
      asked += 1;
      return Promise.resolve('answers');
    },
  });
  const look = watchSigns([one], { one: {} }, anywhere());
  expect([await look(), await look(), await look()]).toEqual(Array(3).fill({ one: 'answers' }));
  expect(asked).toBe(1);
});

test('one that throws or never ends does not keep the others', async () => {
  const never = { name: 'never', title: '', variables: {}, signOfLife: () => new Promise<never>(() => undefined) };
  const broken = { name: 'broken', title: '', variables: {}, signOfLife: () => Promise.reject(new Error('x')) };
  const states = await watchSigns([never, broken], { never: {}, broken: {} }, anywhere())();
  expect(states).toEqual({ never: 'silent', broken: 'silent' });
});

test('in the simulated world everybody is configured and answers, and the outbox stays empty', async () => {
  const secrets = makeAccounts();
  const world = await openWorld(config({ secrets }));
  closers.push(() => world.world.close());
  const { providers } = loadConfig(
    {
      DATABASE_URL: 'postgresql://x@127.0.0.1:1/x',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      PUBLIC_BASE_URL: 'http://127.0.0.1:1',
      SECRET_KEY: 'k'.repeat(32),
      ...engineVariables(secrets, world),
    },
    manifests,
  );
  expect(await watchProviders(providers, anywhere())()).toEqual({
    smtp: 'answers',
    twilio: 'answers',
    unipile: 'answers',
    clicksend: 'answers',
    mail: 'configured',
    salesforge: 'answers',
    anthropic: 'answers',
    apollo: 'answers',
    apify: 'answers',
  });
  expect(world.outbox()).toEqual([]);
});
