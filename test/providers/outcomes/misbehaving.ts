import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SendOutcome } from '../../../providers/ports';
import { localApi, nobodyThere, type Answer, type SeenRequest } from '../local-api';

/** Somebody who stands where a provider should be. */
export interface Place {
  url: string;
  close(): Promise<void>;
}

/** Short, so that silence is soon over. In milliseconds. */
export const boundMs = 400;

/** What everybody on the way to a provider can do, beside what the provider says itself. */
export const onTheWay = {
  'refused connection': async () => ({ url: await nobodyThere(), close: () => Promise.resolve() }),
  'no such name': () => Promise.resolve({ url: 'http://nobody.invalid', close: () => Promise.resolve() }),
  'a certificate that nobody signed': async () => {
    // It says on the console that everybody knows its key, which is the point of it here.
    const quiet = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const server = new SMTPServer({ secure: true });
    quiet.mockRestore();
    server.on('error', () => undefined);
    const port = await new Promise<number>((resolve) => {
      const listener = server.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port));
    });
    return {
      url: `https://127.0.0.1:${port}`,
      close: () => new Promise<void>((resolve) => server.close(() => resolve())),
    };
  },
  'no TLS behind https': () => rawServer('https', (socket) => void socket.once('data', () => socket.end('220 hi\r\n'))),
  'resets after the request': () =>
    rawServer('http', (socket) => void socket.once('data', () => socket.resetAndDestroy())),
  'silence before the answer': () => rawServer('http', () => undefined),
  'silence inside the answer': () =>
    rawServer(
      'http',
      (socket) => void socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')),
    ),
  'another protocol': () => rawServer('http', (socket) => socket.end('220 mx.example ESMTP\r\n')),
} satisfies Record<string, () => Promise<Place>>;

const big = 'x'.repeat(10 * 1024 * 1024);
const html = '<html><body>Please log in to the network</body></html>';

/** What an answer can be, beside what a provider's own words say. */
export const answers = {
  'malformed JSON': { status: 200, text: '{"half":' },
  'HTML instead of JSON': { status: 200, text: html },
  'an empty 200': { status: 200, text: '' },
  '200 with a list': { status: 200, text: '[]' },
  '200 of 10 MB': { status: 200, text: `{"sid": "${big}"}` },
  '400 of 10 MB': { status: 400, text: `{"code": "${big}"}` },
  '400 in HTML': { status: 400, text: html },
  '403 in HTML': { status: 403, text: html },
  '404 in HTML': { status: 404, text: html },
  '302 to a login': { status: 302, text: html, headers: { location: 'http://127.0.0.1:1/' } },
  '408': { status: 408 },
  '429': { status: 429 },
  '429 with Retry-After': { status: 429, headers: { 'retry-after': '17' } },
  '429 in HTML': { status: 429, text: html },
  '500': { status: 500 },
  '502 in HTML': { status: 502, text: html },
  '503 with Retry-After': { status: 503, headers: { 'retry-after': '17' } },
  '504': { status: 504, text: '' },
} satisfies Record<string, Answer>;

/** Of each way, what it must mean: a table that names all of them, or the compiler says which are missing. */
export type Outcomes = Record<keyof typeof onTheWay | keyof typeof answers, Expected>;

/** What an outcome has, and no more than that. */
export type Expected = SendOutcome;

export const later = (error: string): SendOutcome => ({ kind: 'rejected', retry: 'later', error });
export const down = (error: string): SendOutcome => ({ kind: 'rejected', retry: 'later', error, down: true });
export const unknown = (error: string): SendOutcome => ({ kind: 'unknown', error });
export const refusedBy = (retry: 'never' | 'resource', error: string): SendOutcome => ({
  kind: 'rejected',
  retry,
  error,
});

/**
 * Sends to each way that a provider can misbehave, and expects what the table says. The table says too whether the touch was
 * handed over: without a permit nothing may have left.
 */
export function itMeans(
  outcomes: Outcomes,
  {
    send,
    around,
  }: {
    send: (url: string, permit: () => Promise<boolean>) => Promise<SendOutcome>;
    around?: (seen: SeenRequest) => Answer | undefined;
  },
): void {
  const ways = [
    ...Object.entries(onTheWay),
    ...Object.entries(answers).map(
      ([name, answer]) => [name, () => localApi((seen) => around?.(seen) ?? answer)] as [string, () => Promise<Place>],
    ),
  ];
  test.each(ways)('%s', async (name, open) => {
    const place = await open();
    let permits = 0;
    try {
      const outcome = await send(place.url, () => Promise.resolve((permits += 1) > 0));
      expect(outcome).toEqual(outcomes[name as keyof Outcomes]);
      if (outcome.kind === 'unknown') expect(permits).toBe(1);
    } finally {
      await place.close();
    }
  });
}

async function rawServer(scheme: 'http' | 'https', talk: (socket: Socket) => void): Promise<Place> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
