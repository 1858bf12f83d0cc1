import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * refused: connections end, and no new one is made. silent: nothing comes through any more, and nobody is told; what was
 * under way is lost. deaf: what is asked arrives, what is answered does not.
 */
export type CutMode = 'refused' | 'silent' | 'deaf';

/** A network between two parts that can be cut. */
export interface Link {
  /** Who connects here reaches the other end. */
  port: number;
  cut(mode: CutMode): void;
  /** Connections that lived through a cut end: a network forgets them. */
  mend(): void;
  close(): Promise<void>;
}

/** @param target the port at the other end, which may come and go */
export async function openLink(port: number, target: number): Promise<Link> {
  const pairs = new Set<Pair>();
  let mode: CutMode | null = null;
  const server = createServer((near) => {
    const pair = join(near, target, () => mode);
    pairs.add(pair);
    pair.ended.then(() => pairs.delete(pair)).catch(() => undefined);
  });
  await listen(server, port);
  const dropAll = (): void => pairs.forEach((pair) => pair.drop());
  return {
    port,
    cut(next) {
      mode = next;
      if (next !== 'refused') return;
      server.close();
      dropAll();
    },
    mend() {
      mode = null;
      dropAll();
      if (!server.listening) server.listen(port, '127.0.0.1');
    },
    async close() {
      dropAll();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

interface Pair {
  drop(): void;
  ended: Promise<unknown>;
}

/** Passes bytes on between two sockets, as far as the present cut allows. */
function join(near: Socket, target: number, mode: () => CutMode | null): Pair {
  const far = connect(target, '127.0.0.1');
  const drop = (): void => {
    near.destroy();
    far.destroy();
  };
  near.setNoDelay(true);
  far.setNoDelay(true);
  pass(near, far, () => mode() === 'silent');
  pass(far, near, () => mode() === 'silent' || mode() === 'deaf');
  for (const socket of [near, far]) socket.on('error', drop).on('close', drop);
  return { drop, ended: once(near, 'close') };
}

function pass(from: Socket, to: Socket, isLost: () => boolean): void {
  from.on('data', (bytes) => {
    if (isLost() || to.destroyed || to.write(bytes)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from.on('end', () => {
    if (!isLost()) to.end();
  });
}
