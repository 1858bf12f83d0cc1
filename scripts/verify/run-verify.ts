import { Connection, WorkflowClient } from '@temporalio/client';
import { systemClock } from '../../runtime/clock';
import { withEnvFile, type RawEnvironment } from '../../runtime/config';
import { brokenOf, type Report } from '../../verification/report';
import { UserError } from '../user-error';
import { readVerifyOptions, verifyUsage, type CommandOptions } from './options';
import { findPlace, type Place } from './place';
import { formatReport, verdictLine } from './table';
import { verifyAll } from './verify-all';
import { leftOutWorkflows } from './workflows';

/** Milliseconds in which Temporal must answer. */
const connectWithinMs = 5_000;

/** @returns 0 when everything was kept, 1 when something was broken. @throws UserError when nothing could be looked at */
export async function runVerify(args: string[], root: string): Promise<number> {
  const options = readVerifyOptions(args);
  if (options === null) {
    console.log(verifyUsage);
    return 0;
  }
  const env = withEnvFile(process.env);
  const place = await findPlace(options, env, root);
  try {
    const began = performance.now();
    if (!options.json) console.log(`Looking at ${place.what} …`);
    const report = await lookAt(place, options, env);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    if (options.json) console.log(JSON.stringify(Object.assign({ seconds }, report), null, 2));
    else console.log(`${formatReport(report)}\n\n${verdictLine(report)} ${seconds} s`);
    return brokenOf(report).length === 0 ? 0 : 1;
  } finally {
    await place.leave();
  }
}

async function lookAt(place: Place, options: CommandOptions, env: RawEnvironment): Promise<Report> {
  const { databaseUrl, logs } = place;
  const clock = place.goesOn ? systemClock : null;
  const temporal = databaseUrl === null ? 'the database is not there' : await connect(place.temporal, options, env);
  const client = typeof temporal === 'string' ? null : temporal;
  try {
    const report = await readably(
      verifyAll({ database: databaseUrl, logs, clock, temporal: client?.workflows ?? null }),
    );
    const leftOut = typeof temporal === 'string' && databaseUrl !== null ? leftOutWorkflows(temporal) : [];
    return { findings: [...report.findings, ...leftOut], uncertain: report.uncertain };
  } finally {
    await client?.close();
  }
}

interface Temporal {
  workflows: WorkflowClient;
  close(): Promise<void>;
}

/** @returns why Temporal is not asked, when it is not. @throws UserError when it was asked for by name and does not answer */
async function connect(
  address: string | null,
  { temporal }: CommandOptions,
  env: RawEnvironment,
): Promise<Temporal | string> {
  if (address === null) return 'Temporal does not run here: --temporal or TEMPORAL_ADDRESS names it';
  try {
    const connection = await Connection.connect({ address, connectTimeout: connectWithinMs });
    const namespace = env.TEMPORAL_NAMESPACE?.trim() || 'default';
    return { workflows: new WorkflowClient({ connection, namespace }), close: () => connection.close() };
  } catch (error) {
    const reason = `Temporal does not answer at ${address}`;
    if (temporal === null) return reason;
    throw new UserError(`--temporal: ${reason}. Is it right, and is the server there?`, { cause: error });
  }
}

const notReached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  '28P01',
  '28000',
  '3D000',
]);
const undefinedTable = new Set(['42P01', '42703']);

async function readably(report: Promise<Report>): Promise<Report> {
  try {
    return await report;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (notReached.has(code))
      throw new UserError(`The database does not let us in (${message || code}). Is its URL right?`, { cause: error });
    if (undefinedTable.has(code))
      throw new UserError(`This is no database of this version (${message}). Run npm run migrate first.`, {
        cause: error,
      });
    if (code === 'ENOENT' || /^\w+\.jsonl?:|^\w+\.jsonl?(:\d+)? is not JSON/.test(message))
      throw new UserError(`The logs can't be read: ${message}`, { cause: error });
    throw error;
  }
}
