import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../embedded/free-port';
import { openLink, type Link } from '../../scripts/faults/link';

/** A server that repeats what it hears, and remembers it. */
const heard: string[] = [];
const echo = createServer((socket) => {
  socket.on('data', (bytes) => {
    heard.push(bytes.toString());
    socket.write(bytes);
  });
  socket.on('error', () => undefined);
});
let link: Link;
let port: number;

beforeAll(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
});
afterAll(() => void echo.close());
beforeEach(async () => {
  heard.length = 0;
  port = await freePort();
  link = await openLink(port, (echo.address() as AddressInfo).port);
});
afterEach(() => link.close());

async function call(): Promise<{ socket: Socket; answers: string[]; over: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1');
  const answers: string[] = [];
  socket.on('data', (bytes) => answers.push(bytes.toString()));
  socket.on('error', () => undefined);
  const over = new Promise((resolve) => socket.on('close', resolve));
  await once(socket, 'connect');
  return { socket, answers, over };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let waited = 0; !isTrue() && waited < 200; waited += 1) await delay(10);
  expect(isTrue()).toBe(true);
}

test('it passes on what is said at both ends', async () => {
  const { socket, answers } = await call();
  socket.write('hello');
  await until(() => answers.join('') === 'hello');
});

test('refused: connections end, and none is made until it is mended', async () => {
  const { over } = await call();
  link.cut('refused');
  await over;
  await expect(call()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  link.mend();
  const again = await call();
  again.socket.write('again');
  await until(() => again.answers.join('') === 'again');
});

test('deaf: what is asked arrives, what is answered does not', async () => {
  const { socket, answers, over } = await call();
  link.cut('deaf');
  socket.write('order');
  await until(() => heard.join('') === 'order');
  await delay(50);
  link.mend();
  await over;
  expect(answers).toEqual([]);
});

test('silent: nothing arrives, and what was lost does not come later', async () => {
  const { socket, over } = await call();
  link.cut('silent');
  socket.write('lost');
  await delay(50);
  link.mend();
  await over;
  await delay(50);
  expect(heard).toEqual([]);
});
