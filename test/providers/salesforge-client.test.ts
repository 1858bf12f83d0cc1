import { openOutside } from '../../providers/outside';
import type { CarrierKey, CarrierMemory, EmailMessage } from '../../providers/ports';
import { createTurns } from '../../providers/salesforge/account';
import { salesforgeSender } from '../../providers/salesforge/client';
import type { SimulatorConfigInput } from '../../simulator/config';
import { config, jane, mailbox, omar, only, secrets } from '../simulator/support/settings';
import { openWorld, startOfRun, type TestWorld } from '../simulator/support/world';
import { nobodyThere } from './local-api';

// The client against the simulated Salesforge.

let open: TestWorld;
afterEach(() => open.world.close());

const touchId = '0b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a11';
const mail = (changes: Partial<EmailMessage> = {}, step = 1): EmailMessage => ({
  touchId,
  account: null,
  from: { address: mailbox, name: 'Anna Reid' },
  to: jane.email,
  subject: 'Crew rosters',
  text: 'Hi Jane,\n\nhow do you plan crews?\nAnna\n\nunsubscribe here: https://engine.example/u/token\n',
  messageId: `${touchId}@growth.example`,
  references: [],
  unsubscribeUrl: 'https://engine.example/u/token',
  carrier: {
    step,
    firstName: 'Jane',
    timezone: 'Australia/Sydney',
    hours: { from: 9, to: 11 },
    isFollowUp: step > 1,
  },
  ...changes,
});

/** What all workers of a test remember. */
function memory(): CarrierMemory & { kept: Map<string, string> } {
  const [kept, held] = [new Map<string, string>(), new Set<string>()];
  const keyOf = ({ mailbox: of, step, timezone }: CarrierKey): string => `${of} ${step} ${timezone}`;
  return {
    kept,
    sequenceOf: (carrier) => Promise.resolve(kept.get(keyOf(carrier)) ?? null),
    keep: (carrier, id) => Promise.resolve(void kept.set(keyOf(carrier), id)),
    async alone(carrier, work) {
      if (held.has(keyOf(carrier))) return null;
      held.add(keyOf(carrier));
      try {
        return await work();
      } finally {
        held.delete(keyOf(carrier));
      }
    },
  };
}

async function sender(changes: SimulatorConfigInput['salesforge'] = {}, remembered: CarrierMemory = memory()) {
  open = await openWorld(
    config({ salesforge: changes, prospects: only(jane.email, 'reply'), engineBaseUrl: 'http://127.0.0.1:1' }),
  );
  return connected(remembered);
}

function connected(
  remembered: CarrierMemory,
  changes: { apiKey?: string; totalTimeoutMs?: number; url?: string } = {},
) {
  const outside = openOutside({ publicBaseUrl: 'https://engine.example', onlyThisMachine: true });
  const { apiKey = secrets.salesforgeApiKey, totalTimeoutMs, url = open.httpUrl } = changes;
  const places = { baseUrl: `${url}/salesforge/public/v2`, multichannelBaseUrl: `${url}/salesforge/public` };
  return salesforgeSender(
    { apiKey, workspaceId: secrets.salesforgeWorkspace, ...places, totalTimeoutMs, requestsPerSecond: 1_000 },
    outside,
    remembered,
  );
}

const allowed = () => Promise.resolve(true);
const handedOver = { kind: 'accepted', reference: null, isSent: false };
const sends = () => open.outbox().filter(({ operation }) => operation === 'send');
const asked = (end: string) =>
  open.outbox().filter(({ detail, outcome }) => String(detail['path']).endsWith(end) && outcome === 'accepted').length;
/** Lets what waits longest leave now. */
const departs = (nr = -1) => {
  const waiting = open.reactions.filter(({ reactions }) => reactions[0]?.kind === 'leaves').at(nr);
  return open.world.teller.tellEngine({ deliveryId: waiting?.deliveryId ?? '', kind: 'leaves', facts: {} });
};
const misbehave = (method: string, path: string, answer: number | 'reset', more: object = {}) =>
  fetch(`${open.httpUrl}/control/salesforge/misbehave`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ method, path, answer, ...more }),
  }).then((answered) => expect(answered.status).toBe(200));

test('a mail is handed over, leaves at a moment of Salesforge’s own, and is found then', async () => {
  const salesforge = await sender();
  expect(await salesforge.send(mail(), allowed)).toEqual(handedOver);
  expect(sends()).toHaveLength(0);
  expect(await salesforge.find(mail(), startOfRun)).toBe('unknown');
  await departs();
  expect(sends()).toMatchObject([
    { provider: 'salesforge', resource: mailbox, recipient: jane.email, touchId, outcome: 'accepted' },
  ]);
  const { subject, text } = sends()[0]!.detail;
  expect({ subject, text }).toEqual({ subject: 'Crew rosters', text: mail().text.trimEnd() });
  expect(await salesforge.find(mail(), startOfRun)).toBe('found');
  expect(await salesforge.find(mail(), new Date(startOfRun.getTime() + 3_600_000))).toBe('unknown');
});

test('texts that look like templates leave as they were written', async () => {
  const salesforge = await sender();
  const text = 'Do {{you | we}} & they <see> {{first_name}} | "this"?';
  await salesforge.send(mail({ text, subject: 'A {{b | c}} | d' }), allowed);
  await departs();
  expect(sends()[0]?.detail).toMatchObject({ text, subject: 'A { {b / c} } / d' });
});

test('a carrier is made once for a mailbox, a step and a zone, whoever asks at once, and found again by its name', async () => {
  const remembered = memory();
  const salesforge = await sender({}, remembered);
  const answers = await Promise.all([
    salesforge.send(mail(), allowed),
    connected(remembered).send(mail({ to: omar.email }), allowed),
  ]);
  expect(answers).toEqual(
    expect.arrayContaining([handedOver, { kind: 'rejected', retry: 'later', error: 'carrier_in_the_making' }]),
  );
  expect(await salesforge.send(mail({ to: omar.email }), allowed)).toEqual(handedOver);
  expect(remembered.kept.size).toBe(1);
  // Another worker that remembers nothing finds it by its name.
  expect(await connected(memory()).send(mail({ to: 'third@zenith.example' }), allowed)).toEqual(handedOver);
  expect(asked('/nodes/actions')).toBe(1);
  const elsewhere = mail({ to: 'fourth@zenith.example' });
  elsewhere.carrier!.timezone = 'Europe/London';
  expect(await salesforge.send(elsewhere, allowed)).toEqual(handedOver);
  expect(asked('/nodes/actions')).toBe(2);
});

test.each(['/sequences', '/nodes/actions', '/schedule', '/sender-profiles', '/launch'])(
  'an attempt that dies at %s leaves nothing that the next one could not complete, and one e-mail in the carrier',
  async (path) => {
    const salesforge = await sender();
    const method = path === '/schedule' ? 'PUT' : path === '/launch' ? 'PATCH' : 'POST';
    await misbehave(method, path, 'reset', { when: 'after' });
    expect(await salesforge.send(mail(), allowed)).toMatchObject({ kind: 'rejected', retry: 'later' });
    expect(sends()).toHaveLength(0);
    expect(await salesforge.send(mail(), allowed)).toEqual(handedOver);
    expect(asked('/nodes/actions')).toBe(1);
    await departs();
    expect(sends()).toHaveLength(1);
  },
);

test('permit is asked right before the confirmation, after everything else; without it nothing leaves', async () => {
  const salesforge = await sender();
  let before: string[] = [];
  const refused = async () => {
    before = open.outbox().map(({ detail }) => String(detail['path']));
    return Promise.resolve(false);
  };
  expect(await salesforge.send(mail(), refused)).toEqual({ kind: 'rejected', retry: 'later', error: 'lease_over' });
  expect(before.at(-1)).toMatch(/\/preflight$/);
  expect(asked('/confirm')).toBe(0);
  expect(open.reactions).toHaveLength(0);
  expect(await salesforge.send(mail(), allowed)).toEqual(handedOver);
});

test('nothing leaves outside the window of the recipient’s own zone', async () => {
  const salesforge = await sender();
  // It is 09:14 in Sydney, and the evening before in New York.
  const late = mail();
  late.carrier!.timezone = 'America/New_York';
  expect(await salesforge.send(late, allowed)).toEqual(handedOver);
  await departs();
  expect(sends()).toHaveLength(0);
  // It waits for nine o’clock there, 15:45:51 later.
  const { afterMs } = open.reactions.at(-1)!.reactions[0]!;
  expect(Math.floor(afterMs / 60_000)).toBe(15 * 60 + 46);
});

describe('every answer to the confirmation', () => {
  test.each([
    [400, {}, { kind: 'rejected', retry: 'never', error: 'refused' }],
    [401, {}, { kind: 'rejected', retry: 'resource', error: 'authentication_failed' }],
    [402, {}, { kind: 'rejected', retry: 'resource', error: 'out_of_credits' }],
    [403, {}, { kind: 'rejected', retry: 'resource', error: 'not_permitted' }],
    [422, {}, { kind: 'rejected', retry: 'resource', error: 'contact_limit_reached' }],
    [423, {}, { kind: 'rejected', retry: 'later', error: 'busy' }],
    [429, { headers: { 'retry-after': '7' } }, { kind: 'rejected', error: 'rate_limited', retryAfterSeconds: 7 }],
    [429, {}, { kind: 'rejected', retry: 'later', error: 'rate_limited' }],
    [408, {}, { kind: 'unknown', error: 'http_408' }],
    [500, {}, { kind: 'unknown', error: 'http_500' }],
    [503, {}, { kind: 'unknown', error: 'http_503' }],
    [200, { body: '<html>Bad gateway</html>' }, { kind: 'unknown', error: 'malformed_answer' }],
    [200, { body: '{"enrolledLeadIds":[' }, { kind: 'unknown', error: 'malformed_answer' }],
    [200, { body: '{"enrolledLeadIds":[]}' }, { kind: 'rejected', retry: 'never', error: 'not_enrolled' }],
    ['reset', {}, { kind: 'unknown', error: 'connection_lost' }],
    ['reset', { when: 'after' }, { kind: 'unknown', error: 'connection_lost' }],
    [500, { when: 'after' }, { kind: 'unknown', error: 'http_500' }],
  ] as const)('%s %j', async (answer, more, outcome) => {
    const salesforge = await sender();
    await misbehave('POST', '/confirm', answer, more);
    expect(await salesforge.send(mail(), allowed)).toMatchObject(outcome);
    // A refusal is a refusal: nothing waits to leave.
    if (outcome.kind === 'rejected') expect(open.reactions).toHaveLength(0);
  });

  test('a preflight that has grown old is asked for again once, with another permit', async () => {
    const salesforge = await sender();
    let permits = 0;
    const counted = () => Promise.resolve((permits += 1) > 0);
    await misbehave('POST', '/confirm', 409, { body: '{"message":"preflight_stale"}' });
    expect(await salesforge.send(mail(), counted)).toEqual(handedOver);
    expect(permits).toBe(2);
    await misbehave('POST', '/confirm', 409, { body: '{"message":"preflight_stale"}', times: 2 });
    const stale = { kind: 'rejected', retry: 'later', error: 'preflight_stale' };
    expect(await salesforge.send(mail({ to: omar.email }), counted)).toEqual(stale);
    await misbehave('POST', '/confirm', 409, { body: '{"message":"other"}' });
    expect(await salesforge.send(mail({ to: omar.email }), counted)).toMatchObject({ error: 'conflict' });
  });
});

describe('every answer before it: the mail has certainly not left', () => {
  test.each([
    ['/contacts', 400, 'never', 'refused'],
    ['/contacts', 401, 'resource', 'authentication_failed'],
    ['/contacts', 402, 'resource', 'out_of_credits'],
    ['/contacts', 422, 'resource', 'contact_limit_reached'],
    ['/contacts', 429, 'later', 'rate_limited'],
    ['/contacts', 500, 'later', 'http_500'],
    ['/contacts', 'reset', 'later', 'connection_lost'],
    ['/preflight', 409, 'later', 'conflict'],
    ['/preflight', 423, 'later', 'busy'],
    ['/preflight', 503, 'later', 'http_503'],
    ['/preflight', 'reset', 'later', 'connection_lost'],
  ] as const)('%s answers %s', async (path, answer, retry, error) => {
    const salesforge = await sender();
    await misbehave('POST', path, answer);
    expect(await salesforge.send(mail(), allowed)).toMatchObject({ kind: 'rejected', retry, error });
    expect(open.reactions).toHaveLength(0);
  });

  test('a wrong key, a mailbox that is not there, nobody at the address, no time left', async () => {
    await sender();
    const wrong = { kind: 'rejected', retry: 'resource', error: 'authentication_failed' };
    expect(await connected(memory(), { apiKey: 'wrong' }).send(mail(), allowed)).toEqual(wrong);
    const unknown = mail({ from: { address: 'nobody@growth.example', name: null } });
    const notThere = { kind: 'rejected', retry: 'resource', error: 'mailbox_not_connected' };
    expect(await connected(memory()).send(unknown, allowed)).toEqual(notThere);
    const gone = { kind: 'rejected', retry: 'later', error: 'connection_refused' };
    expect(await connected(memory(), { url: await nobodyThere() }).send(mail(), allowed)).toEqual(gone);
    const late = { kind: 'rejected', retry: 'later', error: 'timed_out' };
    expect(await connected(memory(), { totalTimeoutMs: 1 }).send(mail(), allowed)).toMatchObject(late);
    expect(open.reactions).toHaveLength(0);
  });

  test('more requests than Salesforge takes', async () => {
    const salesforge = await sender({ requestsPerMinute: 3 });
    const refused = { kind: 'rejected', retry: 'later', error: 'rate_limited', retryAfterSeconds: 60 };
    expect(await salesforge.send(mail(), allowed)).toEqual(refused);
  });
});

describe('silence', () => {
  test.each([
    ['dnc', { dnc: [jane.email] }],
    ['dnc of a domain', { dnc: ['acme.example'] }],
    ['a bounce shield', { shielded: [jane.email] }],
  ])('%s: taken, never sent, and found out', async (_what, settings) => {
    const salesforge = await sender(settings);
    expect(await salesforge.send(mail(), allowed)).toEqual(handedOver);
    await departs();
    expect(sends()).toHaveLength(0);
    expect(await salesforge.find(mail(), startOfRun)).toBe('absent');
  });

  test('whom it is known not to write to is not handed over again', async () => {
    const salesforge = await sender({ dnc: [jane.email] });
    await salesforge.send(mail(), allowed);
    await departs();
    const refused = { kind: 'rejected', retry: 'never', error: 'contact_dnc' };
    expect(await salesforge.send(mail({}, 2), allowed)).toEqual(refused);
  });
});

test('what was handed over is taken back before it leaves', async () => {
  const salesforge = await sender();
  await salesforge.send(mail(), allowed);
  expect(await salesforge.withdraw!(mail())).toBe('withdrawn');
  await departs();
  expect(sends()).toHaveLength(0);
  expect(await salesforge.find(mail(), startOfRun)).toBe('absent');
  await misbehave('POST', '/remove', 503);
  expect(await salesforge.withdraw!(mail())).toBe('unknown');
});

test('a person of an earlier campaign is taken out of the carrier and enrolled anew', async () => {
  const salesforge = await sender();
  await salesforge.send(mail(), allowed);
  await departs();
  expect(await salesforge.send(mail({ subject: 'Again' }), allowed)).toEqual(handedOver);
  await departs();
  expect(sends().map(({ detail }) => detail['subject'])).toEqual(['Crew rosters', 'Again']);
});

describe('SEQ-9: a mail that continues a thread', () => {
  const followUp = (changes: Partial<EmailMessage> = {}) =>
    mail(
      { touchId: '1b0f7a4e-5a52-4c3e-9d0a-6f3b1f2f4a12', subject: 'Re: Crew rosters', text: 'Second', ...changes },
      4,
    );

  test('is a reply to the mail that an event named, or that stands in the thread', async () => {
    const salesforge = await sender();
    await salesforge.send(mail(), allowed);
    await departs();
    const emailId = String(sends()[0]!.detail['reference']);
    expect(await salesforge.send(followUp({ references: [emailId] }), allowed)).toEqual(handedOver);
    expect(await salesforge.find(followUp(), startOfRun)).toBe('unknown');
    await departs();
    expect(await salesforge.find(followUp(), startOfRun)).toBe('found');
    expect(await salesforge.send(followUp({ text: 'Third', references: [] }), allowed)).toEqual(handedOver);
    await departs();
    expect(sends().map(({ detail }) => [detail['subject'], detail['text']])).toEqual([
      ['Crew rosters', mail().text.trimEnd()],
      ['Re: Crew rosters', 'Second'],
      ['Re: Crew rosters', 'Third'],
    ]);
    expect(asked('/confirm')).toBe(1);
  });

  test('is a mail of its own with the thread’s subject when Salesforge does not have the thread', async () => {
    const salesforge = await sender();
    for (const references of [['gone-em-1'], [`${touchId}@growth.example`]]) {
      expect(
        await salesforge.send(followUp({ references, to: `${references[0]!.slice(0, 4)}@x.example` }), allowed),
      ).toEqual(handedOver);
      await departs();
      expect(sends().at(-1)?.detail).toMatchObject({ subject: 'Re: Crew rosters', text: 'Second' });
    }
  });

  test('the permit stands before the reply, and its lost answer is unknown', async () => {
    const salesforge = await sender();
    await salesforge.send(mail(), allowed);
    await departs();
    const message = followUp({ references: [String(sends()[0]!.detail['reference'])] });
    const refused = { kind: 'rejected', retry: 'later', error: 'lease_over' };
    expect(await salesforge.send(message, () => Promise.resolve(false))).toEqual(refused);
    await misbehave('POST', '/reply', 'reset', { when: 'after' });
    expect(await salesforge.send(message, allowed)).toEqual({ kind: 'unknown', error: 'connection_lost' });
    await misbehave('POST', '/reply', 423);
    expect(await salesforge.send(message, allowed)).toMatchObject({ kind: 'rejected', retry: 'later', error: 'busy' });
  });
});

test('a carrier that a person has paused stays paused, and its mailbox is out', async () => {
  const remembered = memory();
  const salesforge = await sender({}, remembered);
  await salesforge.send(mail(), allowed);
  const [id] = [...remembered.kept.values()];
  const url = `${open.httpUrl}/salesforge/public/multichannel/workspaces/${secrets.salesforgeWorkspace}/sequences/${id}/status`;
  const headers = { authorization: secrets.salesforgeApiKey, 'content-type': 'application/json' };
  await fetch(url, { method: 'PATCH', headers, body: '{"status":"paused"}' });
  const paused = { kind: 'rejected', retry: 'resource', error: 'carrier_paused' };
  expect(await salesforge.send(mail({ to: omar.email }), allowed)).toEqual(paused);
});

test('turns are evenly spaced, and who cannot have one in time is told so', async () => {
  open = await openWorld(config());
  const turn = createTurns(50);
  const began = performance.now();
  expect(await Promise.all([turn(1_000), turn(1_000), turn(1_000), turn(1_000)])).toEqual([true, true, true, true]);
  expect(performance.now() - began).toBeGreaterThanOrEqual(55);
  await Promise.all(
    Array.from({ length: 5 }, () => turn(1_000)).concat(turn(10).then((had) => expect(had).toBe(false) as never)),
  );
});
