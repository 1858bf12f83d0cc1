import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import * as dns from 'dns-packet';
import { openResolver, questionWithinMs } from '../../providers/dns/resolver';
import type { Resolver } from '../../providers/ports';
import { checkDnsOf } from '../support/dns';
import { createDnsServer, type DnsServer } from '../../simulator/dns/server';
import type { Zones } from '../../simulator/dns/zone';

const local = { onlyThisMachine: true };
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function simulated(zones: Zones = {}): Promise<{ resolver: Resolver; server: DnsServer; port: number }> {
  const server = createDnsServer(zones);
  const port = await server.listen(0, '127.0.0.1');
  closers.push(() => server.close());
  return { resolver: openResolver([`127.0.0.1:${port}`], local), server, port };
}

/** A server that answers every question by this header code, or not at all. */
async function answering(code: number | null): Promise<Resolver> {
  const socket = createSocket('udp4');
  socket.on('message', (question, { port, address }) => {
    if (code === null) return;
    const answer = Buffer.from(question);
    answer.writeUInt16BE(0x8180 | code, 2);
    socket.send(answer, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => new Promise<void>((resolve) => socket.close(resolve)));
  return openResolver([`127.0.0.1:${socket.address().port}`], local);
}

test('the simulated DNS has SPF, DKIM, DMARC and MX of every domain below .example, and of no other', async () => {
  const { resolver } = await simulated();
  expect(await resolver.txt('growth.example')).toEqual({ kind: 'found', records: [['v=spf1 mx ~all']] });
  expect(await resolver.txt('GROWTH.Example')).toMatchObject({ kind: 'found' });
  expect(await resolver.mx('growth.example')).toEqual({
    kind: 'found',
    records: [{ exchange: 'mx.growth.example', priority: 10 }],
  });
  expect(await checkDnsOf(resolver, 'growth.example')).toEqual({ spf: 'ok', dkim: 'ok', dmarc: 'ok' });
  expect(await checkDnsOf(resolver, 'mail.growth.example')).toEqual({ spf: 'ok', dkim: 'ok', dmarc: 'ok' });
  for (const name of ['growth.com', 'example', 'nothere.invalid']) {
    expect(await resolver.txt(name)).toEqual({ kind: 'none' });
  }
});

test('a record that is configured away is not there, in that domain alone', async () => {
  const { resolver } = await simulated({ 'growth.example': { spf: false, dkim: false, dmarc: false } });
  expect(await checkDnsOf(resolver, 'growth.example')).toEqual({ spf: 'missing', dkim: 'missing', dmarc: 'missing' });
  expect(await checkDnsOf(resolver, 'other.example')).toEqual({ spf: 'ok', dkim: 'ok', dmarc: 'ok' });
});

test('a key is longer than one string, and an answer may be longer than a datagram', async () => {
  const { resolver } = await simulated();
  const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`;
  const answer = await resolver.txt(`s1._domainkey.${long}`);
  expect(answer).toMatchObject({ kind: 'found', records: [[expect.any(String), expect.any(String)]] });
  expect(await resolver.txt(`s1._domainkey.${'c'.repeat(63)}.${long}`)).toMatchObject({ kind: 'found' });
});

test('what is no question is not answered, and the server goes on', async () => {
  const { resolver, port } = await simulated();
  const socket = createSocket('udp4');
  for (const bytes of ['', 'x', 'no question at all', '\0'.repeat(64)]) socket.send(bytes, port, '127.0.0.1');
  expect(await resolver.txt('growth.example')).toMatchObject({ kind: 'found' });
  socket.close();
});

/** A server that knows one domain by these records; a type that is missing is none, 'fails' is SERVFAIL. */
async function knowing(records: { MX?: string[]; A?: string; AAAA?: string } | 'nothing', fails: string[] = []) {
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const { id = 0, questions = [] } = dns.decode(message);
    const [{ name, type } = { name: '', type: 'A' }] = questions;
    const answers: dns.Answer[] = [];
    if (records !== 'nothing') {
      if (type === 'MX') {
        answers.push(...(records.MX ?? []).map((exchange): dns.Answer => ({ type: 'MX', name, data: { exchange } })));
      }
      if (type === 'A' && records.A !== undefined) answers.push({ type: 'A', name, data: records.A });
      if (type === 'AAAA' && records.AAAA !== undefined) answers.push({ type: 'AAAA', name, data: records.AAAA });
    }
    const flags = dns.RECURSION_DESIRED | (fails.includes(type) ? 2 : records === 'nothing' ? 3 : 0);
    const found = fails.includes(type) ? [] : answers;
    socket.send(dns.encode({ type: 'response', id, flags, questions, answers: found }), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => new Promise<void>((resolve) => socket.close(resolve)));
  return openResolver([`127.0.0.1:${socket.address().port}`], local);
}

test.each<[string, Parameters<typeof knowing>, object]>([
  ['MX records', [{ MX: ['mx.acme.example'], A: '192.0.2.1' }], { kind: 'found', records: ['mx.acme.example'] }],
  ['an address alone', [{ A: '192.0.2.1' }], { kind: 'found', records: ['acme.example'] }],
  ['an address of version 6 alone', [{ AAAA: '2001:db8::1' }], { kind: 'found', records: ['acme.example'] }],
  ['a null MX, with an address', [{ MX: ['.'], A: '192.0.2.1' }], { kind: 'none' }],
  ['neither', [{}], { kind: 'none' }],
  ['no such name', ['nothing'], { kind: 'none' }],
  ['no MX, and nobody who tells the address', [{}, ['A', 'AAAA']], { kind: 'unanswered', error: 'servfail' }],
  [
    'no MX, an address, and half an answer',
    [{ A: '192.0.2.1' }, ['AAAA']],
    { kind: 'found', records: ['acme.example'] },
  ],
  ['nobody who tells the MX', [{ A: '192.0.2.1' }, ['MX']], { kind: 'unanswered', error: 'servfail' }],
])('who takes mail (RFC 5321): %s', async (_, [records, fails], answer) => {
  expect(await (await knowing(records, fails)).mailHosts('acme.example')).toEqual(answer);
});

test.each([
  ['NXDOMAIN', 3, { kind: 'none' }],
  ['no such record', 0, { kind: 'none' }],
  ['SERVFAIL', 2, { kind: 'unanswered', error: 'servfail' }],
  ['REFUSED', 5, { kind: 'unanswered', error: 'refused' }],
])('%s', async (_, code, answer) => {
  expect(await (await answering(code)).txt('growth.example')).toEqual(answer);
});

test('a server that is silent, and one that is not there, are told from a record that is not there', async () => {
  const began = performance.now();
  const silent = await (await answering(null)).txt('growth.example');
  expect(silent).toEqual({ kind: 'unanswered', error: 'timed_out' });
  expect(performance.now() - began).toBeLessThan(questionWithinMs + 500);
  const { server, port } = await simulated();
  await server.close();
  closers.pop();
  expect(await openResolver([`127.0.0.1:${port}`], local).txt('growth.example')).toMatchObject({ kind: 'unanswered' });
});

/** A server that cuts every datagram and gives these answers by TCP, as a large or aliased record comes. */
async function byTcp(answersTo: (name: string) => dns.Answer[]): Promise<Resolver> {
  const respond = (message: Buffer, flags: number, answers: (name: string) => dns.Answer[]): Buffer => {
    const { id = 0, questions = [] } = dns.decode(message);
    const name = questions[0]?.name ?? '';
    const isTxt = questions[0]?.type === 'TXT';
    return dns.encode({ type: 'response', id, flags, questions, answers: isTxt ? answers(name) : [] });
  };
  const tcp = createServer((connection) => {
    connection.on('error', () => undefined);
    closers.push(() => Promise.resolve(connection.destroy()));
    let held = Buffer.alloc(0);
    connection.on('data', (data: Buffer) => {
      held = Buffer.concat([held, data]);
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const end = 2 + held.readUInt16BE(0);
        const answer = respond(held.subarray(2, end), dns.RECURSION_DESIRED, answersTo);
        held = held.subarray(end);
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        connection.write(Buffer.concat([length, answer]));
      }
    });
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    udp.send(
      respond(message, dns.TRUNCATED_RESPONSE, () => []),
      from.port,
      from.address,
    );
  });
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  closers.push(() => new Promise<void>((resolve) => udp.close(resolve)));
  closers.push(() => new Promise((resolve) => tcp.close(resolve)));
  return openResolver([`127.0.0.1:${port}`], local);
}

test('an answer of 64 kB is read, and no key in it is believed', async () => {
  const filler = Array.from({ length: 240 }, (_, nr): dns.Answer => ({
    type: 'TXT',
    name: 'x',
    ttl: 60,
    data: [String(nr).padEnd(250, 'x')],
  }));
  const resolver = await byTcp(() => filler);
  const answer = await resolver.txt('growth.example');
  expect(answer.kind === 'found' && answer.records.length).toBe(240);
  expect(await checkDnsOf(resolver, 'growth.example')).toEqual({ spf: 'missing', dkim: 'wrong', dmarc: 'missing' });
});

test('a key behind a CNAME is found where the selector leads', async () => {
  const resolver = await byTcp((name) =>
    name.startsWith('selector1.')
      ? [
          { type: 'CNAME', name, ttl: 60, data: 'key.mailhost.example' },
          { type: 'TXT', name: 'key.mailhost.example', ttl: 60, data: ['v=DKIM1; p=MIIB'] },
        ]
      : [],
  );
  expect(await checkDnsOf(resolver, 'growth.example')).toEqual({ spf: 'missing', dkim: 'ok', dmarc: 'missing' });
});

test('a name that cannot exist has no record', async () => {
  const { resolver } = await simulated();
  expect(await resolver.txt(`${'a'.repeat(64)}.example`)).toEqual({ kind: 'none' });
});

test('when nothing may leave this machine, the system’s servers are not asked', async () => {
  const answer = await openResolver(null, local).txt('growth.example');
  expect(answer).toEqual({ kind: 'unanswered', error: 'not_this_machine' });
});
