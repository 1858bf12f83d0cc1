import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stopLeadOnRequest } from '../../../store/leads/lead-control';
import type { Database } from '../../../store/database';
import { readKnown } from '../../../store/verification/known';
import { verifyAll } from '../../../scripts/verify/verify-all';
import { besideChecks, verifyBeside } from '../../../verification/beside/verify-beside';
import { checkedOf, violationsOf } from '../../../verification/report';
import type { Run } from '../../../verification/run';
import { createTestDatabase } from '../../support/database';
import { livePast, type PastWorld } from './world';

jest.mock('@temporalio/activity', () => ({ heartbeat: jest.fn() }));

type Logs = Pick<Run, 'outbox' | 'inbox' | 'stops'>;

let database: Database;
let drop: () => Promise<void>;
let world: PastWorld;
const directory = mkdtempSync(path.join(tmpdir(), 'agency-os-beside-'));

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  world = await livePast(database);
}, 60_000);
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await drop();
});

const judged = async (run: Logs) => ({ findings: verifyBeside(run, await readKnown(database.sql, run)) });
const first = <T>(lines: readonly T[]): T => {
  if (lines[0] === undefined) throw new Error('nothing to tamper with');
  return lines[0];
};
const later = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();
const ofEvent = (run: Logs, event: string) => first(run.inbox.filter((line) => line.event === event));
const leadOf = async (enrollmentId: string): Promise<string> =>
  (await database.enrollment.findUniqueOrThrow({ where: { id: enrollmentId } })).leadId;
/** A further request to somebody, so many milliseconds after an answer. */
function askAgain(run: Logs, event: string, ms: number): void {
  const { at, touchId } = ofEvent(run, event);
  run.outbox.push({ ...first(run.outbox.filter((line) => line.touchId === touchId)), at: later(at, ms) });
}

test('what the engine has done and what was seen agree, and every check saw some of it', async () => {
  const report = await judged(world.run);
  expect(violationsOf(report)).toEqual([]);
  expect(checkedOf(report)).toHaveLength(besideChecks.length);
  for (const { name, lookedAt } of checkedOf(report)) {
    expect([name, Object.values(lookedAt).every((count) => count > 0)]).toEqual([name, true]);
  }
});

/** [what, the check, its words, the lie] */
const lies: [string, string, RegExp, (run: Logs) => void | Promise<void>][] = [
  ['a request twice', 'TRUTH-1', /asked for 2 times/, (run) => void run.outbox.push(first(run.outbox))],
  [
    'an uncertain touch that is sent again',
    'TRUTH-1',
    /asked for 2 times/,
    (run) => {
      const lost = first(run.outbox.filter(({ outcome }) => outcome === 'lost'));
      run.outbox.push({ ...lost, outcome: 'accepted' });
    },
  ],
  [
    'a request that no touch made',
    'TRUTH-1',
    /a request that no touch made/,
    (run) => void (first(run.outbox).touchId = '11111111-1111-4111-8111-111111111111'),
  ],
  ['a request without a touch', 'TRUTH-1', /no touch made/, (run) => void (first(run.outbox).touchId = null)],
  [
    'a request from another mailbox',
    'TRUTH-1',
    /from another sender/,
    (run) => void (first(run.outbox).resource = 'eve@elsewhere.example'),
  ],
  [
    'a request before its claim',
    'TRUTH-1',
    /accepted -1 s after it was claimed/,
    (run) => void (first(run.outbox).at = later(first(run.outbox).at, -1000)),
  ],
  [
    'a request that the engine tells as cancelled',
    'TRUTH-1',
    /accepted, and told as cancelled/,
    async (run) => {
      const where = { enrollmentId: world.replied, status: 'cancelled' } as const;
      const { id } = await database.touch.findFirstOrThrow({ where });
      run.outbox.push({ ...first(run.outbox), touchId: id });
    },
  ],
  ['a touch that no provider saw', 'TRUTH-3', /told as sent, never received/, (run) => void run.outbox.shift()],
  [
    'a touch that the provider refused',
    'TRUTH-3',
    /told as sent, never received/,
    (run) => void (first(run.outbox).outcome = 'rejected'),
  ],
  ...(['reply', 'unsubscribe', 'hardBounce'] as const).map((event): (typeof lies)[number] => [
    `a mail a millisecond after the answer to a ${event}`,
    'TRUTH-2',
    new RegExp(`send 0.001 s after ${event} was answered`),
    (run) => askAgain(run, event, 1),
  ]),
  [
    'a touch after an opt-out that names a person and no touch',
    'TRUTH-2',
    /after unsubscribe was answered/,
    async (run) => {
      askAgain(run, 'unsubscribe', 1);
      const { email } = await database.lead.findUniqueOrThrow({ where: { id: await leadOf(world.optedOut) } });
      Object.assign(ofEvent(run, 'unsubscribe'), { touchId: null, recipient: email });
    },
  ],
  [
    'a touch after a stop that the API answered',
    'TRUTH-2',
    /after stop was answered/,
    async (run) => {
      const { at } = first(run.outbox.filter(({ operation }) => operation === 'call'));
      run.stops.push({ at: later(at, -1), what: 'stop', leadId: await leadOf(world.whole), answeredStatus: 200 });
    },
  ],
  [
    'an event that was never stored',
    'TRUTH-5',
    /answered with 200, and not stored: opened/,
    (run) => void (ofEvent(run, 'reply').event = 'opened'),
  ],
];

describe('each lie is seen by its check', () => {
  test.each(lies)('%s: %s', async (_, check, says, tamper) => {
    const run = structuredClone(world.run);
    await tamper(run);
    const own = violationsOf(await judged(run)).filter((line) => line.startsWith(`${check}: `));
    expect(own.join('\n')).toMatch(says);
  });

  test.each([
    ['stored and not applied', /stored, and not applied: reply/, 'NULL', 'a'],
    ['stored twice', /stored 2 times: reply/, `'noted'`, 'b'],
  ])('an event that was %s', async (_, says, outcome, id) => {
    const { touchId } = ofEvent(world.run, 'reply');
    await database.$executeRawUnsafe(`WITH again AS (
      INSERT INTO inbound_event (id, provider, provider_event_id, kind, occurred_at, received_at, outcome, payload)
      VALUES (gen_random_uuid(), 'tampered', '${id}', 'reply', now(), now(), ${outcome}, '{}') RETURNING id)
      INSERT INTO event_subject (event_id, client_id, lead_id, touch_id)
      SELECT again.id, e.client_id, e.lead_id, t.id FROM again, touch t JOIN enrollment e ON e.id = t.enrollment_id
      WHERE t.id = '${touchId}'`);
    // Whoever tells an event twice may have it stored twice only when it was two events.
    const run = structuredClone(world.run);
    if (outcome === 'NULL') run.inbox.push(ofEvent(run, 'reply'));
    const report = await judged(run);
    await database.inboundEvent.deleteMany({ where: { provider: 'tampered' } });
    expect(violationsOf(report).join('\n')).toMatch(says);
  });

  test('every check has one', () => {
    expect(new Set([...lies.map(([, check]) => check)])).toEqual(new Set(besideChecks.map(({ id }) => id)));
  });
});

describe('what is no violation', () => {
  test.each<[string, (run: Logs) => void | Promise<void>]>([
    ['a request in the millisecond of the answer', (run) => askAgain(run, 'reply', 0)],
    [
      'a stop that was answered with 503',
      async (run) => {
        const { at } = first(run.outbox);
        run.stops.push({ at: later(at, -1), what: 'stop', leadId: await leadOf(world.whole), answeredStatus: 503 });
      },
    ],
    [
      'an event that was told twice because its answer was lost',
      (run) => {
        const reply = ofEvent(run, 'reply');
        run.inbox.unshift({ ...reply, answeredStatus: null });
      },
    ],
    [
      'an event of which nobody heard',
      (run) => void run.inbox.push({ ...ofEvent(run, 'reply'), event: 'opened', answeredStatus: 503 }),
    ],
  ])('%s', async (_, change) => {
    const run = structuredClone(world.run);
    await change(run);
    expect(violationsOf(await judged(run)).filter((line) => !line.startsWith('TRUTH-1'))).toEqual([]);
  });
});

test('verifyAll puts everything together; without leads.jsonl the database tells who the people are', async () => {
  const logs = path.join(directory, 'logs');
  cpSync(path.join(__dirname, '..', 'run'), logs, { recursive: true });
  rmSync(path.join(logs, 'leads.jsonl'));
  const write = (name: string, lines: readonly object[]): void =>
    writeFileSync(path.join(logs, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  write('outbox.jsonl', world.run.outbox);
  write('inbox.jsonl', world.run.inbox);
  const report = await verifyAll({ database, logs });
  expect(violationsOf(report)).toEqual([]);
  const sources = new Set(report.findings.map(({ source }) => source));
  expect(sources).toEqual(new Set(['database', 'database and logs', 'logs']));
  expect(report.findings.find(({ source }) => source === 'logs')).toMatchObject({ lookedAt: { leads: 6 } });

  // An engine that goes on: what came after the snapshot is not held against it.
  write('outbox.jsonl', [
    ...world.run.outbox,
    { ...first(world.run.outbox), touchId: null, at: '2026-12-01T00:00:00Z' },
  ]);
  expect(violationsOf(await verifyAll({ database, logs })).length).toBeGreaterThan(0);
  const clock = { now: () => Promise.resolve(new Date('2026-11-01T00:00:00Z')) };
  expect(violationsOf(await verifyAll({ database, logs, clock }))).toEqual([]);
});

test('a stop on request is no event, and ends a sequence just so', async () => {
  const owner = { clientId: world.agency.clientId, leadId: await leadOf(world.waitsForStep2) };
  const now = new Date('2026-03-05T00:00:00Z');
  await stopLeadOnRequest(database, owner, now);
  const stops = [{ at: now.toISOString(), what: 'stop', leadId: owner.leadId, answeredStatus: 200 }];
  expect(violationsOf(await judged({ ...world.run, stops }))).toEqual([]);
});
