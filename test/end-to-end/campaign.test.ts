import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DateTime } from 'luxon';
import { startDemo, type DemoProcess } from './demo-process';
import { leadsCsv, people, setup } from './people';
import {
  checkWitness,
  type Circumstances,
  type InboxLine,
  type LeadLine,
  type Logs,
  type OutboxLine,
} from './witness-check';

const directory = mkdtempSync(path.join(tmpdir(), 'agency-os-end-to-end-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Where a run writes; each has its own. */
const out = (name: string): string => path.join(directory, name);

function start(name: string): DemoProcess {
  const leads = path.join(directory, 'leads.csv');
  const setupFile = path.join(directory, 'setup.json');
  writeFileSync(leads, leadsCsv());
  writeFileSync(setupFile, JSON.stringify(setup));
  return startDemo(['--leads', leads, '--setup', setupFile, '--out', out(name), '--seed', '3']);
}

const readLines = <T>(file: string): T[] =>
  readFileSync(path.join(out('whole'), file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

const circumstances: Circumstances = {
  people,
  clientZone: setup.client.timezone,
  warmups: Object.fromEntries(setup.domains.map((domain) => [domain.name, domain.warmupStartedAt])),
};

describe('a campaign over the change of the clocks, by the witness’s logs', () => {
  let ended: Awaited<DemoProcess['ended']>;
  let processes: { started: string[]; leftBehind: string[] };
  let logs: Logs;

  beforeAll(async () => {
    const demo = start('whole');
    ended = await demo.ended;
    processes = { started: demo.started(), leftBehind: demo.leftBehind() };
    if (ended.code !== 0) throw new Error(ended.output);
    logs = {
      outbox: readLines<OutboxLine>('outbox.jsonl'),
      inbox: readLines<InboxLine>('inbox.jsonl'),
      leads: readLines<LeadLine>('leads.jsonl'),
    };
  }, 150_000);

  test('it ends by itself and leaves no process behind', () => {
    expect(ended.code).toBe(0);
    for (const part of [/postgres/, /temporal-test-server/, /simulator/]) {
      expect(processes.started).toContainEqual(expect.stringMatching(part));
    }
    expect(processes.leftBehind).toEqual([]);
  });

  test('no rule was broken', () => {
    expect(checkWitness(logs, circumstances)).toEqual([]);
  });

  test('everybody did what they were told to, and got what the specification says', () => {
    const stories = Object.fromEntries(
      logs.leads.map(({ email, touches }) => {
        const words = touches.map(({ step, channel, status }) => `${step} ${channel} ${status}`);
        return [email.slice(0, email.indexOf('@')), words];
      }),
    );
    const all = ['1 email sent', '2 voice sent', '3 linkedin sent', '4 email sent', '5 sms sent'];
    expect(stories).toEqual({
      whole: all,
      replies: ['1 email sent', '2 voice sent', '3 linkedin cancelled'],
      away: all,
      far: ['1 email sent', '2 voice skipped', '3 linkedin sent', '4 email sent', '5 sms skipped'],
      gone: ['1 email sent', '2 voice sent', '3 linkedin sent', '4 email skipped', '5 sms sent'],
      optsout: ['1 email sent', '2 voice cancelled'],
      complains: ['1 email sent', '2 voice cancelled'],
      textsstop: all,
      full: all,
      anywhere: all,
      warm: ['1 email sent', '2 voice sent', '3 linkedin sent', '4 email sent', '5 sms skipped'],
      unknown: all,
      dead: [],
      mailonly: ['1 email sent', '2 voice skipped', '3 linkedin skipped', '4 email sent', '5 sms skipped'],
    });
    const events = new Set(logs.inbox.map((line) => line.event));
    for (const event of ['reply', 'ooo', 'hardBounce', 'softBounce', 'unsubscribe', 'complaint', 'smsStop']) {
      expect(events).toContain(event);
    }
  });

  test('TIME-4: the clocks changed on the way, in both hemispheres', () => {
    for (const zone of ['Europe/London', 'Australia/Sydney']) {
      const there = people.filter((person) => person.zone === zone).map((person) => person.email);
      const mails = logs.outbox.filter((line) => line.operation === 'send' && there.includes(line.recipient));
      expect(new Set(mails.map((line) => DateTime.fromISO(line.at, { zone }).offset)).size).toBe(2);
    }
  });

  test('WARM: the domain began with five a day', () => {
    const mails = logs.outbox.filter((line) => line.operation === 'send');
    const onDay = (day: string): number => mails.filter((line) => line.at.startsWith(day)).length;
    expect([onDay('2026-03-26'), onDay('2026-03-27')]).toEqual([5, 5]);
  });

  describe('the check itself sees', () => {
    const copy = (): Logs => structuredClone(logs);
    const touchesOf = (from: Logs, operation: string): OutboxLine[] =>
      from.outbox.filter((line) => line.operation === operation);
    const first = <T>(lines: T[]): T => {
      const [line] = lines;
      if (line === undefined) throw new Error('nothing to tamper with');
      return line;
    };
    const shift = (line: { at: string }, hours: number): void => {
      line.at = new Date(Date.parse(line.at) + hours * 3_600_000).toISOString();
    };
    test.each<[string, RegExp, (tampered: Logs) => void]>([
      ['a touch at the wrong hour', /outside the window/, ({ outbox }) => shift(first(outbox.slice(-1)), 3)],
      [
        'a touch on Easter Monday',
        /on a holiday/,
        (tampered) => void (first(touchesOf(tampered, 'call')).at = '2026-04-06T09:00:00Z'),
      ],
      [
        'a touch on a Sunday',
        /on a weekend/,
        (tampered) => void (first(touchesOf(tampered, 'call')).at = '2026-03-29T09:00:00Z'),
      ],
      [
        'a touch that was sent twice',
        /a step twice/,
        ({ outbox }) => void outbox.push(first(outbox.filter((line) => line.operation === 'sms'))),
      ],
      [
        'two touches a day apart',
        /less than two days|early/,
        (tampered) => shift(first(touchesOf(tampered, 'call')), -48),
      ],
      [
        'a burst',
        /apart/,
        (tampered) => {
          const [one, two] = touchesOf(tampered, 'invite');
          if (one && two) two.at = one.at;
        },
      ],
      [
        'a sixth e-mail on a day of five',
        /more than 5: e-mails of thames-growth/,
        (tampered) => void tampered.outbox.push({ ...first(touchesOf(tampered, 'send')), touchId: 'x' }),
      ],
      [
        'a touch after an opt-out',
        /after unsubscribe/,
        ({ inbox }) => shift(first(inbox.filter((line) => line.event === 'unsubscribe')), -24 * 20),
      ],
      [
        'an e-mail after a hard bounce',
        /after hardBounce/,
        ({ inbox }) => shift(first(inbox.filter((line) => line.event === 'hardBounce')), -1),
      ],
      ['an event that was not taken', /answered with 500/, ({ inbox }) => void (first(inbox).answeredStatus = 500)],
      [
        'a touch that the engine does not admit',
        /another story/,
        ({ leads }) => void (first(first(leads).touches).status = 'skipped'),
      ],
      [
        'a touch that the engine made up',
        /never received/,
        ({ outbox }) =>
          void outbox.splice(
            outbox.findIndex((line) => line.operation === 'sms'),
            1,
          ),
      ],
      ['a wrong zone', /another zone/, ({ leads }) => void (first(leads).timezone = 'Australia/Hobart')],
    ])('%s', (_what, violation, tamper) => {
      const tampered = copy();
      tamper(tampered);
      expect(checkWitness(tampered, circumstances).join('\n')).toMatch(violation);
    });
  });
});

test('Ctrl-C ends a running demo in order: exit code 130, no process left', async () => {
  const demo = start('interrupted');
  await demo.said('admitted  email');
  demo.interrupt();
  const { code, output } = await demo.ended;
  expect([code, output.includes('Stopping')]).toEqual([130, true]);
  expect(demo.leftBehind()).toEqual([]);
}, 120_000);
