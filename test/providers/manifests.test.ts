import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createProviders, manifests, openWebhooks, providersOf } from '../../providers';
import { providersFrom } from '../../providers/create-providers';
import { provider, type ProviderManifest, type WebhookContext } from '../../providers/manifest';
import type { CallRequest, ChannelName, EmailMessage, InvitationRequest, SmsRequest } from '../../providers/ports';
import { providerTables } from '../../providers/tables';
import { text } from '../../runtime/variables';
import { allowed, anywhere } from './local-api';

const touchId = '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11';
const sms: SmsRequest = { touchId, from: '+1', to: '+2', text: 'x', country: null };
const call: CallRequest = { touchId, from: '+1', to: '+2', timeLimitSeconds: 120, ringSeconds: 30 };
const invitation: InvitationRequest = {
  form: 'invitation',
  touchId,
  accountId: 'a',
  profileUrl: 'b',
  note: 'c',
  look: true,
};
const since = new Date('2026-03-02T22:00:00Z');
const notConfigured = { kind: 'rejected', retry: 'resource', error: 'not_configured' };

describe('the list of providers', () => {
  const folder = path.join(__dirname, '..', '..', 'providers');

  test('has every folder with a manifest', () => {
    const folders = readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'index.ts')));
    expect(manifests.map(({ name }) => name).sort()).toEqual(folders.sort());
  });

  test('gives no variable and no path to two', () => {
    const variables = manifests.flatMap((one) => Object.values(one.variables).map(({ name }) => name));
    expect(new Set(variables).size).toBe(variables.length);
    const paths = manifests.flatMap(({ webhooks = [] }) => webhooks.map((webhook) => webhook.path));
    expect(new Set(paths).size).toBe(paths.length);
  });

  test.each(manifests.flatMap(({ name, webhooks = [] }) => webhooks.map((webhook) => ({ name, ...webhook }))))(
    '$path is below its own name, and has a secret in it when that is the proof',
    ({ name, path: place, proof }) => {
      expect(`${place}/`.startsWith(`/webhooks/${name}/`)).toBe(true);
      expect(place.includes('/:secret')).toBe(proof === 'secret in the path');
    },
  );

  test.each<[ChannelName, string[]]>([
    ['email', ['smtp', 'salesforge']],
    ['voice', ['twilio']],
    ['linkedin', ['unipile']],
    ['sms', ['clicksend']],
  ])('%s is offered by %j', (channel, names) => {
    expect(providersOf(channel)).toEqual(names);
  });

  test('docs/providers.md has its tables: node --import tsx scripts/provider-texts.ts writes them', () => {
    const docs = readFileSync(path.join(folder, '..', 'docs', 'providers.md'), 'utf8');
    const tables = /<!-- providers -->\n\n([\s\S]*)\n\n<!-- \/providers -->/.exec(docs)?.[1];
    expect(tables).toBe(providerTables(manifests));
  });
});

describe('what is not configured, or not there at all', () => {
  const providers = createProviders({}, anywhere());

  test.each([
    ['clicksend', 'not configured'],
    ['carrier-pigeon', 'unknown'],
    ['constructor', 'no name of a provider'],
    ['twilio', 'of another channel'],
  ])('%s (%s) sends nothing and says so', async (name) => {
    expect(await providers.sender('sms', name).send(sms, allowed)).toEqual(notConfigured);
    expect(await providers.sender('sms', name).find(sms, since)).toBe('unknown');
  });

  test('nor do calls, invitations, mails without an account, and the writer', async () => {
    expect(await providers.sender('voice', 'twilio').send(call, allowed)).toEqual(notConfigured);
    expect(await providers.sender('linkedin', 'unipile').send(invitation, allowed)).toEqual(notConfigured);
    const mail = { touchId, account: null } as EmailMessage;
    expect(await providers.sender('email', 'smtp').send(mail, allowed)).toEqual(notConfigured);
    const task = { touchId, instructions: '', data: {}, refusals: [], schema: {} };
    await expect(providers.writer.write(task)).rejects.toMatchObject({ reason: 'not_configured' });
  });

  test('a mailbox with an account of its own needs no relay', async () => {
    const account = { host: 'mail.nowhere.invalid', port: 25, username: null, password: null };
    const mail: EmailMessage = {
      touchId,
      account,
      from: { address: 'anna@growth.example', name: null },
      to: 'jane@acme.example',
      subject: 's',
      text: 't',
      messageId: 'm@growth.example',
      references: [],
      unsubscribeUrl: 'https://engine.example/u/1',
    };
    expect(await providers.sender('email', 'smtp').send(mail, allowed)).toMatchObject({ error: 'host_not_found' });
  });

  test('every webhook refuses', async () => {
    const context = { publicBaseUrl: 'https://engine.example' } as WebhookContext;
    const request = { headers: {}, rawBody: Buffer.from('{}'), url: 'https://engine.example/', secret: '' };
    const hooks = openWebhooks({}, context);
    expect(hooks.length).toBeGreaterThan(8);
    for (const hook of hooks) {
      const parsing = hook.parse({ ...request, receivedAt: since });
      await expect(parsing).rejects.toMatchObject({ name: 'WebhookRefused', status: 401 });
    }
  });
});

describe('two providers of one channel', () => {
  const sent: string[] = [];
  const textMessages = (name: string): ProviderManifest =>
    provider({
      name,
      title: name,
      variables: { key: text(`${name}_KEY`, 'Key.') },
      senders: {
        sms: ({ key }) => ({
          send: ({ touchId: id }) => {
            sent.push(`${name} ${key} ${id}`);
            return Promise.resolve({ kind: 'accepted', reference: name });
          },
          find: () => Promise.resolve('absent'),
        }),
      },
    });
  const [first, second] = [textMessages('first'), textMessages('second')];

  test('stand beside each other, each with its own settings', async () => {
    const providers = providersFrom([first, second], { first: { key: '1' }, second: { key: '2' } }, anywhere());
    expect(await providers.sender('sms', 'second').send(sms, allowed)).toEqual({
      kind: 'accepted',
      reference: 'second',
    });
    expect(await providers.sender('sms', 'first').send(sms, allowed)).toEqual({ kind: 'accepted', reference: 'first' });
    expect(sent).toEqual([`second 2 ${touchId}`, `first 1 ${touchId}`]);
  });

  test('and none stands in for the other', async () => {
    const providers = providersFrom([first, second], { first: { key: '1' }, second: null }, anywhere());
    expect(await providers.sender('sms', 'second').send(sms, allowed)).toEqual(notConfigured);
  });
});
