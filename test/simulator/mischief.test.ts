import { setTimeout as delay } from 'node:timers/promises';
import type { TableClock } from '../../simulator/clock';
import type { SimulatorConfigInput } from '../../simulator/config';
import { createMischiefs } from '../../simulator/mischief';
import { reactionsHere } from '../../simulator/reactions-here';
import { sendMail } from './support/mail';
import { config, jane, number, secrets } from './support/settings';
import { openWorld, type TestWorld } from './support/world';

let open: TestWorld | undefined;

afterEach(async () => {
  await open?.world.close();
  open = undefined;
});

async function start(mischief: SimulatorConfigInput['mischief']): Promise<TestWorld> {
  open = await openWorld(config({ mischief }));
  return open;
}

const sms = (httpUrl: string): Promise<Response> =>
  fetch(`${httpUrl}/v3/sms/send`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${secrets.clicksendUsername}:${secrets.clicksendApiKey}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ messages: [{ to: jane.mobile, from: number, body: 'Hi Jane', custom_string: 'touch-5' }] }),
  });

test('a text is taken, written down as not answered, and answered with 500', async () => {
  const { httpUrl, outbox } = await start({ errors: 1 });
  const answer = await sms(httpUrl);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain('<html>');
  expect(outbox()).toMatchObject([
    { touchId: 'touch-5', outcome: 'accepted', answered: false, detail: { mischief: 'error' } },
  ]);
});

test('a text is taken, and its connection reset', async () => {
  const { httpUrl, outbox } = await start({ resets: 1 });
  await expect(sms(httpUrl)).rejects.toThrow('fetch failed');
  expect(outbox()).toMatchObject([{ outcome: 'accepted', answered: false, detail: { mischief: 'reset' } }]);
});

test('a text is taken, and nothing is heard for long', async () => {
  const { httpUrl, outbox } = await start({ slow: 1, slowSeconds: 0.4 });
  const began = performance.now();
  await expect(sms(httpUrl)).rejects.toThrow('fetch failed');
  expect(performance.now() - began).toBeGreaterThan(350);
  expect(outbox()).toMatchObject([{ outcome: 'accepted', answered: false, detail: { mischief: 'slow' } }]);
});

test.each(['resets', 'errors'] as const)(
  'a mail is taken, and the conversation ends without a word (%s)',
  async (what) => {
    const { smtpPort, outbox } = await start({ [what]: 1 });
    await expect(sendMail(smtpPort)).rejects.toThrow();
    expect(outbox()).toMatchObject([{ operation: 'send', outcome: 'accepted', answered: false }]);
  },
);

test('lookups are answered as they should be', async () => {
  const { httpUrl } = await start({ errors: 1 });
  const authorization = `Basic ${Buffer.from(`${secrets.clicksendUsername}:${secrets.clicksendApiKey}`).toString('base64')}`;
  expect((await fetch(`${httpUrl}/v3/sms/history`, { headers: { authorization } })).status).toBe(200);
});

test('who is fooled follows from the seed and the order of arrival', () => {
  const rates = config({ mischief: { resets: 0.3, errors: 0.3 } }).mischief;
  const story = (seed: number) => {
    const mischiefs = createMischiefs(seed, rates);
    return Array.from({ length: 40 }, () => mischiefs.ofRequest('send'));
  };
  expect(story(1)).toEqual(story(1));
  expect(story(1)).not.toEqual(story(2));
  expect(new Set(story(1))).toEqual(new Set([null, 'reset', 'error']));
});

describe('events of a run by table', () => {
  /** Sixty seconds of the run are one real second. */
  const realNow = Date.now();
  const clock: TableClock = {
    kind: 'table',
    knots: [
      [realNow - 1000, 0],
      [realNow + 3_600_000, 60 * 3_601_000],
    ],
  };
  const reaction = { kind: 'opened', afterMs: 12_000 } as const;

  async function told(rates: SimulatorConfigInput['mischief'], isMissed = false): Promise<number[]> {
    const began = performance.now();
    const times: number[] = [];
    let missed = isMissed ? 1 : 0;
    const teller = {
      tellEngine: () => {
        times.push(performance.now() - began);
        return Promise.resolve(missed-- > 0);
      },
    };
    const start = reactionsHere(clock, createMischiefs(1, config({ mischief: rates }).mischief), () => teller);
    await start({ deliveryId: 'a', reactions: [{ ...reaction, retryAfterMs: [6_000] }] });
    times.push(-1);
    await delay(600);
    return times;
  }

  test('one comes once, after its time', async () => {
    const [answered, at, ...more] = await told({});
    expect(answered).toBe(-1);
    expect(at).toBeGreaterThan(180);
    expect(more).toEqual([]);
  });

  test('an early one comes before the touch is answered', async () => {
    const [at, answered] = await told({ earlyEvents: 1 });
    expect(at).toBeGreaterThan(0);
    expect(answered).toBe(-1);
  });

  test('a double one comes twice, a late one much later', async () => {
    expect(await told({ doubleEvents: 1 })).toHaveLength(3);
    expect(await told({ lateEvents: 1 })).toEqual([-1]);
  });

  test('one that was missed is told again', async () => {
    expect(await told({}, true)).toHaveLength(3);
  });
});
