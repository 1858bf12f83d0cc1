import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { msToTs } from '@temporalio/common/lib/time';
import type { TimeSkippingServer } from '../../embedded/temporal-servers';
import type { SimulatorConfigInput } from '../../simulator/config';
import type { InboxEntry, OutboxEntry } from '../../simulator/witness';
import { startTimeSkippingServer } from '../support/temporal';
import { openEngineSink, type EngineSink } from './support/engine-sink';
import { sendMail } from './support/mail';
import { jane, omar, settings } from './support/settings';
import { readLog } from './support/world';

const start = Date.parse('2026-03-02T22:00:00.000Z');
const hour = 3_600_000;
const root = join(__dirname, '../..');

let temporal: TimeSkippingServer;
let engine: EngineSink;
let child: ChildProcessWithoutNullStreams | undefined;

beforeAll(async () => {
  temporal = await startTimeSkippingServer();
  // Nothing may happen until the test lets time pass.
  await temporal.connection.testService.lockTimeSkipping({});
});

afterAll(() => temporal.stop());

afterEach(async () => {
  child?.kill('SIGKILL');
  await engine.close();
});

async function serverTime(): Promise<number> {
  const { time } = await temporal.connection.testService.getCurrentTime({});
  return Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
}

interface Running {
  smtpPort: number;
  httpPort: number;
  exited: Promise<number | null>;
}

/** The simulator as a process of its own, on the time-skipping server's clock, which begins at `start`. */
async function run(input: SimulatorConfigInput): Promise<Running> {
  const file = join(input.leadsFile ?? '', '..', 'config.json');
  const clock = { kind: 'virtual', offsetMs: start - (await serverTime()) };
  writeFileSync(
    file,
    JSON.stringify({ ...input, temporalAddress: temporal.address, clock, engineBaseUrl: engine.url }),
  );
  const started = spawn(process.execPath, ['--import', 'tsx', 'simulator/main.ts', file], { cwd: root });
  child = started;
  const exited = new Promise<number | null>((resolve) => started.once('exit', resolve));
  let errors = '';
  started.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const line = await new Promise<string>((resolve, reject) => {
    started.stdout.once('data', (data: Buffer) => resolve(data.toString()));
    started.once('exit', () => reject(new Error(`the simulator ended early: ${errors}`)));
  });
  return { ...(JSON.parse(line) as { ready: true; smtpPort: number; httpPort: number }), exited };
}

function pass(durationMs: number): Promise<unknown> {
  return temporal.connection.testService.unlockTimeSkippingWithSleep({ duration: msToTs(durationMs) });
}

test('people react after hours of the run, a failing engine is asked again, and the logs tell both', async () => {
  let failures = 0;
  engine = await openEngineSink(({ path }) => ({ status: path.includes('/mail/') && failures++ < 2 ? 500 : 200 }));
  const byEmail = {
    [jane.email]: { onTouch: 1, does: 'ooo', afterHours: 3 },
    [omar.email]: { onTouch: 2, does: 'reply', afterHours: 30 },
  } as const;
  const input = settings({ prospects: { replyRate: 0, byEmail } });
  const { smtpPort, exited } = await run(input);
  await sendMail(smtpPort, { touchId: 'jane-1', to: jane.email });
  await sendMail(smtpPort, { touchId: 'omar-1', to: omar.email });
  await sendMail(smtpPort, { touchId: 'omar-2', to: omar.email });
  expect(engine.received).toEqual([]);
  await pass(40 * hour);

  const sent = readLog<OutboxEntry>(input, 'outbox');
  expect(sent.map(({ touchId }) => touchId)).toEqual(['jane-1', 'omar-1', 'omar-2']);
  const told = readLog<InboxEntry>(input, 'inbox').filter(({ event }) => event !== 'opened');
  expect(told.map(({ event, touchId, answeredStatus }) => [event, touchId, answeredStatus])).toEqual([
    ['ooo', 'jane-1', 500],
    ['ooo', 'jane-1', 500],
    ['ooo', 'jane-1', 200],
    ['reply', 'omar-2', 200],
  ]);
  const hoursAfterStart = told.map(({ at }) => Math.round(((Date.parse(at) - start) / hour) * 100) / 100);
  expect(hoursAfterStart).toEqual([3, 3.02, 3.1, 30].map((hours) => expect.closeTo(hours, 1) as number));

  child?.stdin.end();
  expect(await exited).toBe(0);
});

test('SIGTERM ends it cleanly, with every line in the log', async () => {
  engine = await openEngineSink();
  const input = settings();
  const first = await run(input);
  await sendMail(first.smtpPort);
  child?.kill('SIGTERM');
  expect(await first.exited).toBe(0);
  expect(readLog<OutboxEntry>(input, 'outbox')).toHaveLength(1);
});

test('a wrong configuration ends it with a message that names the field', async () => {
  engine = await openEngineSink();
  await expect(run({ ...settings(), colour: 'red' } as SimulatorConfigInput)).rejects.toThrow(/colour/);
});
