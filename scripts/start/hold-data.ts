import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { UserError } from '../user-error';

interface Holder {
  pid: number;
  port: number;
  token: string;
}

/** Milliseconds in which a living holder answers, however busy it is. */
const answerWithinMs = 10_000;

/**
 * Takes a data folder for this process alone. Who holds it answers on a port of the loopback address, which ends with
 * the process: neither a crash nor a process id that somebody else has now can leave the folder locked.
 * @returns gives the folder back
 * @throws UserError when another run holds it, or when it cannot be made
 */
export async function holdData(data: string): Promise<() => void> {
  makeFolder(data);
  const file = path.join(data, 'running.json');
  const token = randomBytes(16).toString('hex');
  const server = createServer((socket) => socket.on('error', () => undefined).end(token)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const { port } = server.address() as AddressInfo;
  const mine = JSON.stringify({ pid: process.pid, port, token } satisfies Holder);
  for (let tries = 0; !create(file, mine); tries += 1) {
    const holder = readHolder(file);
    if (tries > 2 || (holder !== null && (await answers(holder)))) {
      server.close();
      throw new UserError(
        `npm start already runs on ${data}${holder === null ? '' : ` (process ${holder.pid})`}. ` +
          'Stop it with Ctrl-C, or take another folder: npm start -- --data DIR',
      );
    }
    rmSync(file, { force: true });
  }
  return () => {
    server.close();
    if (existsSync(file) && readFileSync(file, 'utf8') === mine) rmSync(file, { force: true });
  };
}

function makeFolder(data: string): void {
  try {
    mkdirSync(data, { recursive: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'it failed';
    throw new UserError(`No folder can be made at ${data} (${code}). Take another one: npm start -- --data DIR`);
  }
}

/** A link appears with its whole content or not at all. */
function create(file: string, content: string): boolean {
  const prepared = `${file}.${process.pid}`;
  writeFileSync(prepared, content, { mode: 0o600 });
  try {
    linkSync(prepared, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(prepared, { force: true });
  }
}

function readHolder(file: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return typeof holder.port === 'number' && typeof holder.token === 'string' ? (holder as Holder) : null;
  } catch {
    return null; // gone again, or written by somebody else
  }
}

/** Only the holder knows the token: another program may have the port by now. */
function answers({ port, token }: Holder): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: answerWithinMs });
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString('utf8').slice(0, 100)));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(said === token));
    socket.on('timeout', () => socket.destroy());
  });
}
