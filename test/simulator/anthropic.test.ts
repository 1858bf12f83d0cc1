import Anthropic from '@anthropic-ai/sdk';
import { config, secrets } from './support/settings';
import { openWorld, type TestWorld } from './support/world';

let open: TestWorld;

beforeEach(async () => {
  open = await openWorld(config({ seed: 7 }));
});

afterEach(() => open.world.close());

const fields = { email: ['subject', 'body'], voice: ['script'], linkedin: ['note'], sms: ['text'] } as const;
type Channel = keyof typeof fields;

interface Task {
  channel?: Channel;
  purpose?: string;
  firstName?: string | null;
  company?: string | null;
  senderName?: string;
  alreadySaid?: { channel: string; text: string }[];
  remarks?: string;
}

function briefOf(task: Task): string {
  const { channel = 'email', purpose = 'intro', firstName = 'Jane', company = 'Acme', alreadySaid = [] } = task;
  return JSON.stringify({
    touch: { channel, purpose, step: 1 },
    lead: { firstName, lastName: 'Doe', title: 'Head of Sales' },
    company: {
      name: company,
      domain: 'acme.example',
      industry: 'Logistics',
      size: '11-50',
      city: 'Perth',
      country: 'AU',
    },
    client: {
      name: 'Growth Partners',
      senderName: task.senderName ?? 'Anna Berg',
      website: 'https://growth.example',
      proofPoints: ['We work with freight forwarders'],
    },
    alreadySaid,
  });
}

async function write(task: Task = {}, apiKey = secrets.anthropicApiKey) {
  const client = new Anthropic({ apiKey, baseURL: open.httpUrl, maxRetries: 0 });
  const names = fields[task.channel ?? 'email'];
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  const message = await client.messages.create(
    {
      model: 'claude-test',
      max_tokens: 1_000,
      system: [{ type: 'text', text: 'Write a touch.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
      messages: [{ role: 'user', content: `<data>\n${briefOf(task)}\n</data>${task.remarks ?? ''}` }],
      output_config: {
        format: {
          type: 'json_schema',
          schema: { type: 'object', properties, required: [...names], additionalProperties: false },
        },
      },
    },
    { headers: { 'X-Touch-Id': 'touch-1' } },
  );
  const block = message.content[0];
  const answer = JSON.parse(block?.type === 'text' ? block.text : '') as Record<string, string>;
  return { answer, usage: message.usage, text: Object.values(answer).join('\n') };
}

test.each(Object.keys(fields) as Channel[])('%s gets exactly the fields of the schema', async (channel) => {
  const { answer } = await write({ channel });
  expect(Object.keys(answer)).toEqual([...fields[channel]]);
  expect(Object.values(answer).every((text) => text.length > 10)).toBe(true);
});

test('texts speak of the lead and state nothing that the data do not: no numbers, links or placeholders', async () => {
  for (const channel of Object.keys(fields) as Channel[]) {
    for (const purpose of ['intro', 'connect', 'value-add', 'final nudge']) {
      const { text } = await write({ channel, purpose });
      expect(text).toContain('Jane');
      expect(text).not.toMatch(/\d|https?:|\{\{|\[|null|undefined/);
    }
  }
});

test('note and text keep their limits, with sender and opt-out, for the longest names', async () => {
  const long = {
    firstName: 'Maximiliana-Theodora '.repeat(4).trim(),
    company: 'Extraordinarily Long Holdings '.repeat(8).trim(),
  };
  for (const person of [{}, long]) {
    for (const purpose of ['connect', 'final nudge']) {
      const { answer: linkedin } = await write({ channel: 'linkedin', purpose, ...person });
      expect(linkedin['note']?.length).toBeLessThanOrEqual(300);
      const { answer: sms } = await write({ channel: 'sms', purpose, ...person });
      expect(sms['text']?.length).toBeLessThanOrEqual(306);
      expect(sms['text']).toMatch(/Anna Berg.*Reply STOP to opt out$/);
    }
  }
});

test('the same seed writes the same; another lead, purpose or refusal gets other words', async () => {
  const first = await write();
  expect((await write()).text).toBe(first.text);
  const others = await Promise.all([
    write({ purpose: 'value-add' }),
    write({ remarks: '\nYour last answer was refused: too long.' }),
  ]);
  for (const other of others) expect(other.text).not.toBe(first.text);
  const subjects = await Promise.all(['Ann', 'Bo', 'Cy', 'Di', 'Ed', 'Flo'].map((firstName) => write({ firstName })));
  expect(new Set(subjects.map(({ answer }) => answer['subject'])).size).toBeGreaterThan(1);
});

test('what was said before is not said again', async () => {
  const first = await write({ purpose: 'value-add' });
  const said = [{ channel: 'email', text: first.text }];
  const second = await write({ purpose: 'value-add', alreadySaid: said });
  const sentences = (text: string | undefined): string[] => (text ?? '').split(/\n\n/).slice(1);
  for (const paragraph of sentences(second.answer['body']))
    expect(sentences(first.answer['body'])).not.toContain(paragraph);
});

test('a lead without name and company is written to as well', async () => {
  const { text } = await write({ firstName: null, company: null });
  expect(text).toMatch(/Hello,/);
  expect(text).not.toMatch(/null|undefined/);
});

test('the second request reads the cached instructions', async () => {
  const [first, second] = [await write(), await write()];
  expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(0);
  expect(first.usage.cache_read_input_tokens).toBe(0);
  expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens);
});

test('each request is written down with its touch', async () => {
  await write();
  expect(open.outbox()).toEqual([
    expect.objectContaining({
      provider: 'anthropic',
      operation: 'generate',
      resource: null,
      recipient: null,
      touchId: 'touch-1',
      outcome: 'accepted',
    }),
  ]);
});

test('a wrong key is refused as Anthropic does', async () => {
  await expect(write({}, 'wrong')).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  expect(open.outbox()).toEqual([expect.objectContaining({ outcome: 'rejected', touchId: 'touch-1' })]);
});

test.each([
  [{ 'x-api-key': secrets.anthropicApiKey }, 200],
  [{ authorization: `Bearer ${secrets.anthropicApiKey}` }, 200],
  [{ 'x-api-key': 'wrong' }, 401],
  [{}, 401],
])('the key may stand in X-Api-Key or be a bearer token: %j', async (key, status) => {
  const response = await fetch(`${open.httpUrl}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      ...(key as Record<string, string>),
    },
    body: JSON.stringify({ model: 'claude-test', max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  expect(response.status).toBe(status);
});
