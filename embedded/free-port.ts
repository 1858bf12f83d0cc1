import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** A port of the loopback address that was free a moment ago. Another process may take it first: be ready to ask again. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** @throws PortTaken when somebody listens on this port of the loopback address */
export async function assertFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening').catch(() => {
    throw new PortTaken(port);
  });
  server.close();
  await once(server, 'close');
}

/**
 * Tries something on a free port, again on another one when it fails because somebody else took the port.
 * @throws what the last attempt threw
 */
export async function onFreePort<T>(attempt: (port: number) => Promise<T>, attempts = 5): Promise<T> {
  for (let left = attempts; ; left -= 1) {
    try {
      return await attempt(await freePort());
    } catch (error) {
      if (left <= 1 || !(error instanceof PortTaken)) throw error;
    }
  }
}

/** Somebody else listens on the port. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  constructor(readonly port: number) {
    super(`port ${port} is taken`);
  }
}
