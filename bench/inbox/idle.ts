/**
 * What idle inboxes cost: `node --import tsx bench/inbox/idle.ts [CONNECTIONS] [SECONDS]`. Connections of one process, over TLS,
 * to an IMAP server in another; all of them wait by IDLE. Prints the memory and the processor time of one.
 */
import hoodiecrow from 'hoodiecrow-imap';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { imapTimes } from '../../providers/imap/connection';
import { openInbox, type InboxSession } from '../../providers/imap/inbox';

const user = { username: 'anna', password: 'a long password' };

async function serve(): Promise<void> {
  const users = { [user.username]: { password: user.password } };
  const { server } = hoodiecrow({ plugins: ['IDLE'], users, secureConnection: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.((server.address() as AddressInfo).port);
}

async function measure(connections: number, seconds: number): Promise<void> {
  const child = fork(__filename, ['serve'], { execArgv: process.execArgv });
  const [port] = (await once(child, 'message')) as [number];
  const open = () => openInbox({ host: '127.0.0.1', port, secure: true, ...user }, { mayReach: () => true });
  // The first connection loads code that is there once.
  const sessions: InboxSession[] = [await open()];
  const before = await memory();
  const began = performance.now();
  while (sessions.length <= connections) {
    const some = Array.from({ length: Math.min(25, connections + 1 - sessions.length) }, open);
    sessions.push(...(await Promise.all(some)));
  }
  const opened = performance.now() - began;
  await Promise.all(sessions.map((session) => session.above(0)));
  const waiting = sessions.map((session) => session.wait((seconds + 60) * 1000).catch(() => undefined));
  await sleep(2_000);
  const after = await memory();
  const processor = process.cpuUsage();
  await sleep(seconds * 1000);
  const { user: used, system } = process.cpuUsage(processor);
  const perHour = ((used + system) / 1000 / connections / seconds) * 3600;
  console.log(`${connections} connections, each with a sign of life every ${imapTimes.idleMs / 1000} s`);
  console.log(`opened in ${(opened / 1000).toFixed(1)} s, ${(opened / connections).toFixed(1)} ms each`);
  console.log(
    `memory: ${((after - before) / connections / 1024).toFixed(0)} KiB each, ${(after / 2 ** 20).toFixed(0)} MiB in all`,
  );
  console.log(`processor, while idle: ${perHour.toFixed(0)} ms an hour each`);
  for (const session of sessions) session.close();
  await Promise.all(waiting);
  child.kill();
}

/** Resident memory in bytes, without what is only waiting to be collected. */
async function memory(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    (globalThis as { gc?: () => void }).gc?.();
    await sleep(200);
  }
  return process.memoryUsage().rss;
}

const [first = '500', second = '300'] = process.argv.slice(2);
void (first === 'serve' ? serve() : measure(Number(first), Number(second)));
