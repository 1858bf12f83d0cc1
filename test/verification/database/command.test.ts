import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Connection, WorkflowClient } from '@temporalio/client';
import type { DevServer } from '../../../embedded/temporal-servers';
import { runVerify } from '../../../scripts/verify/run-verify';
import { verifyWorkflows } from '../../../scripts/verify/workflows';
import { UserError } from '../../../scripts/user-error';
import type { Database } from '../../../store/database';
import type { Finding } from '../../../verification/report';
import { campaignWorkflowId, leadWorkflowId, taskQueues, workflowTypes } from '../../../workflows/contract';
import { createTestDatabase } from '../../support/database';
import { startDevServer } from '../../support/temporal';
import { livePast, type PastWorld } from './world';

jest.mock('@temporalio/activity', () => ({ heartbeat: jest.fn() }));

let database: Database;
let url: string;
let drop: () => Promise<void>;
let world: PastWorld;
const directory = mkdtempSync(path.join(tmpdir(), 'agency-os-verify-'));

beforeAll(async () => {
  ({ database, url, drop } = await createTestDatabase());
  world = await livePast(database);
}, 60_000);
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await drop();
});

let printed: string;
beforeEach(() => {
  printed = '';
  jest.spyOn(console, 'log').mockImplementation((line: string) => void (printed += `${line}\n`));
});
afterEach(() => jest.restoreAllMocks());

describe('workflows beside the facts', () => {
  let server: DevServer;
  let client: WorkflowClient;
  let connection: Connection;
  beforeAll(async () => {
    server = await startDevServer();
    connection = await Connection.connect({ address: server.address });
    client = new WorkflowClient({ connection });
  }, 60_000);
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  /** A workflow that nobody works on runs for ever. */
  const start = (type: string, workflowId: string, args: unknown[] = []) =>
    client.start(type, { workflowId, taskQueue: taskQueues.sequences, args });
  const leadOf = (enrollmentId: string, args: unknown[] = [{ enrollmentId }]) =>
    start(workflowTypes.leadSequence, leadWorkflowId(enrollmentId), args);
  const said = (finding: Finding | undefined): string[] =>
    finding?.kind === 'checked' ? finding.first.map(({ text }) => text) : ['not checked'];

  test('each open sequence and campaign has its workflow, no ended one has, and none holds personal data', async () => {
    await start(workflowTypes.campaign, campaignWorkflowId(world.agency.campaignId));
    const lead = await leadOf(world.waitsForStep2);
    const [running, silent] = await verifyWorkflows(database, client);
    expect([said(running), said(silent)]).toEqual([[], []]);
    expect(running).toMatchObject({ lookedAt: { sequences: 1, campaigns: 1 } });
    expect(silent).toMatchObject({ lookedAt: { histories: 1 } });

    await lead.terminate();
    const [lost] = await verifyWorkflows(database, client);
    expect(said(lost)).toEqual([`no workflow runs: ${leadWorkflowId(world.waitsForStep2)}`]);

    await leadOf(world.waitsForStep2);
    await leadOf(world.replied);
    const [stray] = await verifyWorkflows(database, client);
    expect(said(stray)).toEqual([`a workflow runs that nobody needs: ${leadWorkflowId(world.replied)}`]);
    await client.getHandle(leadWorkflowId(world.replied)).terminate();

    const { lead: person } = await database.enrollment.findUniqueOrThrow({
      where: { id: world.whole },
      include: { lead: true },
    });
    const told = await leadOf(world.whole, [{ enrollmentId: world.whole, note: person.email.toUpperCase() }]);
    await told.terminate();
    const [, loud] = await verifyWorkflows(database, client);
    expect(said(loud)).toEqual([`personal data in the history of ${leadWorkflowId(world.whole)}`]);
    await database.lead.update({ where: { id: person.id }, data: { email: 'somebody.else@acme.example' } });
  }, 60_000);

  test('npm run verify -- --temporal looks at them', async () => {
    expect(await runVerify(['--database', url, '--temporal', server.address], directory)).toBe(0);
    expect(printed).toMatch(/SEQ-8 .*every open sequence/);
    expect(printed).toMatch(/All 23 invariants kept: 21 touches, 3 events\./);
  }, 60_000);
});

describe('npm run verify', () => {
  test('a database by its URL: a line for each invariant, exit code 0', async () => {
    expect(await runVerify(['--database', url], directory)).toBe(0);
    expect(printed).toMatch(/TRUTH-6 .*not checked/);
    expect(printed).toMatch(/All 21 invariants kept: 21 touches, 3 events; 2 could not be checked\./);
    expect(printed).toMatch(/Uncertain touches[^]*1 {2}outcome unknown: timeout/);
  });

  test('a violation: told with its touch, exit code 1, and the same as JSON', async () => {
    const { count } = await database.touch.updateMany({
      where: { enrollmentId: world.whole, step: 1 },
      data: { sentOn: new Date('2026-04-03') },
    });
    expect(count).toBe(1);
    expect(await runVerify(['--database', url], directory)).toBe(1);
    expect(printed).toMatch(/broken 1×/);
    expect(printed).toMatch(/1 touches on 2026-04-03, Good Friday in AU-NSW/);
    printed = '';
    expect(await runVerify(['--database', url, '--json'], directory)).toBe(1);
    const { findings } = JSON.parse(printed) as { findings: { id: string; count?: number }[] };
    expect(findings.filter(({ count = 0 }) => count > 0).map(({ id }) => id)).toContain('TIME-5');
  });

  test('--help', async () => {
    expect(await runVerify(['--help'], directory)).toBe(0);
    expect(printed).toContain('--logs DIR');
  });

  test.each<[string, string[], RegExp]>([
    ['an option that there is not', ['--what'], /--what[^]*npm run verify/],
    ['a database that is none', ['--database', 'mysql://x'], /--database must be a URL/],
    [
      'a server that does not answer',
      ['--database', 'postgresql://x@127.0.0.1:1/y'],
      /does not let us in.*ECONNREFUSED/,
    ],
    ['logs that are not there', ['--logs', path.join(directory, 'nowhere')], /--logs: there is no folder/],
    ['a folder without logs', ['--logs', directory], /The logs can't be read/],
    ['data that npm start did not make', ['--data', directory], /holds no data of npm start/],
    ['nothing at all', [], /nothing to verify[^]*npm run demo/],
  ])('%s: what to do, exit code 2', async (_, args, says) => {
    const before = process.env.DATABASE_URL;
    delete process.env.DATABASE_URL;
    const failed = runVerify(args, directory).finally(() => void (before && (process.env.DATABASE_URL = before)));
    await expect(failed).rejects.toThrow(UserError);
    await expect(failed).rejects.toThrow(says);
  });

  test('a database without our tables, a server of another kind, and a Temporal that is not there', async () => {
    const empty = new URL(url);
    empty.pathname = '/postgres';
    await expect(runVerify(['--database', empty.toString()], directory)).rejects.toThrow(/npm run migrate/);
    const unknown = new URL(url);
    unknown.pathname = '/nowhere';
    await expect(runVerify(['--database', unknown.toString()], directory)).rejects.toThrow(/does not let us in/);
    await expect(runVerify(['--database', url, '--temporal', '127.0.0.1:1'], directory)).rejects.toThrow(
      /--temporal: Temporal does not answer/,
    );
  }, 30_000);

  test('logs with a line that is cut off', async () => {
    const logs = path.join(directory, 'cut');
    mkdirSync(logs);
    for (const name of ['outbox.jsonl', 'inbox.jsonl', 'leads.jsonl']) writeFileSync(path.join(logs, name), '{"at":');
    await expect(runVerify(['--logs', logs], directory)).rejects.toThrow(/outbox\.jsonl:1 is not JSON/);
  });
});
