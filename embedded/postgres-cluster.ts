import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { isReachable, postgresPrograms, serverUser, systemState, type ServerUser } from './postgres-binaries';

export const superuser = 'postgres';

/** Where a server's data live, and what it takes to start it. */
export interface Cluster {
  directory: string;
  programs: string;
  user: ServerUser | undefined;
  password: string;
}

export interface ClusterOptions {
  /** Where the data live; created when missing. Needed when persistent, otherwise a temporary folder is taken. */
  directory?: string;
  persistent: boolean;
  report?: (line: string) => void;
}

/**
 * Finds the cluster, or creates it.
 * @throws Error with one readable sentence when it cannot
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const at = dataDirectory(options);
  const user = serverUser(at);
  const programs = postgresPrograms(user);
  const passwordFile = path.join(at, 'superuser-password');
  if (!existsSync(passwordFile)) await createCluster(at, programs, user);
  return { directory: at, programs, user, password: readFileSync(passwordFile, 'utf8').trim() };
}

function dataDirectory({ directory, persistent, report }: ClusterOptions): string {
  if (directory === undefined) {
    if (persistent) throw new Error('A persistent database needs a directory');
    return temporaryDirectory();
  }
  const wanted = path.resolve(directory);
  if (isReachable(wanted, serverUser(wanted))) return wanted;
  if (!persistent) return temporaryDirectory();
  const place = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const at = path.join(systemState, `postgres-${place}`);
  report?.(`PostgreSQL cannot run as root, so its data are in ${at} instead of ${wanted}`);
  return at;
}

function temporaryDirectory(): string {
  const name = `agency-os-postgres-${randomBytes(6).toString('hex')}`;
  const wanted = path.join(tmpdir(), name);
  return isReachable(wanted, serverUser(wanted)) ? wanted : path.join('/tmp', name);
}

/** Prepared beside its place and moved there whole, so that a crash leaves no half cluster. */
async function createCluster(directory: string, programs: string, user: ServerUser | undefined): Promise<void> {
  const unfinished = `${directory}.unfinished-${randomBytes(4).toString('hex')}`;
  mkdirSync(path.dirname(directory), { recursive: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const passwordFile = `${unfinished}-password`;
  try {
    writeFileSync(passwordFile, randomBytes(16).toString('hex'), { mode: 0o600 });
    if (user !== undefined) for (const file of [unfinished, passwordFile]) chownSync(file, user.uid, user.gid);
    await initialise(unfinished, passwordFile, programs, user);
    renameSync(passwordFile, path.join(unfinished, 'superuser-password'));
    if (existsSync(directory)) rmdirSync(directory); // an empty one may go, anything else is not ours
    renameSync(unfinished, directory);
  } catch (error) {
    throw new Error(`PostgreSQL could not prepare ${directory}: ${readable(error)}`, { cause: error });
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
  }
}

async function initialise(directory: string, passwordFile: string, programs: string, user?: ServerUser): Promise<void> {
  const args = [
    `--pgdata=${directory}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=password',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ];
  await promisify(execFile)(path.join(programs, 'initdb'), args, { ...user, cwd: '/', env: serverEnv() });
}

/** Variables such as PGDATA or PGPORT of the person's own set-up must not reach the server. */
export function serverEnv(): NodeJS.ProcessEnv {
  const foreign = Object.keys(process.env).filter((name) => name.startsWith('PG') || name.startsWith('LC_'));
  return { ...process.env, ...Object.fromEntries(foreign.map((name) => [name, undefined])), LANG: 'C' };
}

function readable(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return stderr?.trim() ? stderr.trim() : message;
}
