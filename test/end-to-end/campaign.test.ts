import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DateTime } from 'luxon';
import { checks } from '../../verification/checks';
import { checkedOf, violationsOf } from '../../verification/report';
import { readRun, type Run } from '../../verification/run';
import { verify } from '../../verification/verify';
import { tamperings } from '../verification/tampering';
import { startDemo, type DemoProcess } from './demo-process';
import { knownPeople, leadsCsv, people, setup } from './people';

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

describe('a campaign over the change of the clocks, by the witness’s logs', () => {
  let ended: Awaited<DemoProcess['ended']>;
  let processes: { started: string[]; leftBehind: string[] };
  let run: Run;

  beforeAll(async () => {
    const demo = start('whole');
    ended = await demo.ended;
    processes = { started: demo.started(), leftBehind: demo.leftBehind() };
    if (ended.code !== 0) throw new Error(ended.output);
    writeFileSync(path.join(out('whole'), 'setup.json'), JSON.stringify(setup));
    writeFileSync(path.join(out('whole'), 'people.json'), JSON.stringify(knownPeople()));
    run = readRun(out('whole'));
  }, 600_000);

  test('it ends by itself and leaves no process behind', () => {
    expect(ended.code).toBe(0);
    for (const part of [/postgres/, /temporal-test-server/, /simulator/]) {
      expect(processes.started).toContainEqual(expect.stringMatching(part));
    }
    expect(processes.leftBehind).toEqual([]);
  });

  test('no rule was broken, and every rule was looked at', () => {
    const report = verify(run);
    expect(violationsOf(report)).toEqual([]);
    expect(checkedOf(report)).toHaveLength(checks.length);
    expect(checkedOf(report)[0]?.lookedAt.leads).toBe(people.length);
  });

  test('everybody did what they were told to, and got what the specification says', () => {
    const stories = Object.fromEntries(
      run.leads.map(({ email, touches }) => {
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
    const events = new Set(run.inbox.map((line) => line.event));
    for (const event of ['reply', 'ooo', 'hardBounce', 'softBounce', 'unsubscribe', 'complaint', 'smsStop']) {
      expect(events).toContain(event);
    }
  });

  test('TIME-4: the clocks changed on the way, in both hemispheres', () => {
    for (const zone of ['Europe/London', 'Australia/Sydney']) {
      const there = people.filter((person) => person.zone === zone).map((person) => person.email);
      const mails = run.outbox.filter((line) => line.operation === 'send' && there.includes(line.recipient ?? ''));
      expect(new Set(mails.map((line) => DateTime.fromISO(line.at, { zone }).offset)).size).toBe(2);
    }
  });

  test('WARM: the domain began with five a day', () => {
    const mails = run.outbox.filter((line) => line.operation === 'send');
    const onDay = (day: string): number => mails.filter((line) => line.at.startsWith(day)).length;
    expect([onDay('2026-03-26'), onDay('2026-03-27')]).toEqual([5, 5]);
  });

  test.each(tamperings)('$check sees $what', ({ check, says, tamper }) => {
    const tampered = structuredClone(run);
    tamper(tampered);
    const own = violationsOf(verify(tampered)).filter((line) => line.startsWith(`${check}: `));
    expect(own.join('\n')).toMatch(says);
  });
});

test('Ctrl-C ends a running demo in order: exit code 130, no process left', async () => {
  const demo = start('interrupted');
  await demo.said('admitted  email');
  demo.interrupt();
  const { code, output } = await demo.ended;
  expect([code, output.includes('Stopping')]).toEqual([130, true]);
  expect(demo.leftBehind()).toEqual([]);
}, 600_000);
