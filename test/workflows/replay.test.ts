import path from 'node:path';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { installTemporalRuntime } from '../../workers/temporal-runtime';
import { bundleWorkflows } from '../../workers/create-worker';
import { recordedHistories } from './recorded-histories';
import { silentLog } from './silent-log';

const histories = recordedHistories();
let workflowBundle: Awaited<ReturnType<typeof bundleWorkflows>>;

beforeAll(async () => {
  installTemporalRuntime(silentLog);
  workflowBundle = await bundleWorkflows();
});

test('there is a history of every case', () => {
  const cases = histories.map(({ file }) => file.split('_').slice(0, 2).join(' '));
  for (const wanted of [
    'leadSequence whole',
    'leadSequence replied',
    'leadSequence bounced',
    'leadSequence paused-and-resumed',
    'campaign paused-and-resumed-and-completed',
  ]) {
    expect(cases).toContain(wanted);
  }
});

test.each(histories.map(({ file, history }) => [file, history] as const))(
  'running workflows survive this code: %s',
  async (_file, history) => {
    await Worker.runReplayHistory({ workflowBundle }, history);
  },
);

test.each(histories.map(({ file, history }) => [file, history] as const))(
  'TRUTH-6: a history holds no address, name, number or text: %s',
  (_file, history) => {
    const payloads: string[] = [];
    JSON.stringify(history, (key, value: unknown) => {
      if (key === 'data' && typeof value === 'string') payloads.push(Buffer.from(value, 'base64').toString('utf8'));
      return value;
    });
    expect(payloads.length).toBeGreaterThan(5);
    for (const payload of payloads) expect(payload).not.toMatch(/@|\.example|acme|\+61|linkedin\.com|Anna/i);
  },
);

describe('a change that running workflows would not survive', () => {
  const workflowsPath = path.join(__dirname, 'fixtures', 'broken-workflows', 'index.ts');
  const broken = histories.filter(({ workflow }) => workflow === 'leadSequence');

  test.each(broken.map(({ file, history }) => [file, history] as const))(
    'fails the replay of %s',
    async (_file, history) => {
      const replay = Worker.runReplayHistory({ workflowsPath }, history);
      await expect(replay).rejects.toThrow(DeterminismViolationError);
      await expect(replay).rejects.toThrow(/Nondeterminism|TMPRL1100/);
    },
  );
});
