import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket as Connection } from 'node:net';
import * as dns from 'dns-packet';
import { answerOf, type ZoneAnswer, type Zones } from './zone';

export interface DnsServer {
  /** Takes questions by UDP and TCP on one port. @returns the port */
  listen(port: number, host: string): Promise<number>;
  close(): Promise<void>;
}

/** Bytes of an answer by UDP; a longer one is cut, and asked for again by TCP (RFC 1035 4.2.1). */
const longestDatagram = 512;

/** Seconds for which an answer may be kept. */
const ttl = 60;

/** A flag bit and a code of the header (RFC 1035 4.1.1). */
const recursionAvailable = 128;
const noSuchName = 3;

export function createDnsServer(zones: Zones): DnsServer {
  const udp = createSocket('udp4');
  const connections = new Set<Connection>();
  const tcp = createServer((connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection)).on('error', () => connection.destroy());
    readMessages(connection, (question) => {
      const answer = reply(zones, question);
      if (answer !== null) connection.write(withLength(dns.encode(answer)));
    });
  });
  udp.on('message', (question, { port, address }) => {
    const answer = reply(zones, question);
    if (answer === null) return;
    const whole = dns.encode(answer);
    const cut = { ...answer, answers: [], flags: (answer.flags ?? 0) | dns.TRUNCATED_RESPONSE };
    udp.send(whole.length <= longestDatagram ? whole : dns.encode(cut), port, address);
  });
  udp.on('error', (error) => process.stderr.write(`dns: ${error.message}\n`));
  return {
    listen: (port, host) => listenBoth(tcp, udp, port, host),
    async close() {
      for (const connection of connections) connection.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(resolve)),
        new Promise<unknown>((resolve) => tcp.close(resolve)),
      ]);
    },
  };
}

async function listenBoth(tcp: Server, udp: Socket, port: number, host: string): Promise<number> {
  tcp.listen(port, host);
  await once(tcp, 'listening');
  const taken = (tcp.address() as AddressInfo).port;
  udp.bind(taken, host);
  await once(udp, 'listening');
  return taken;
}

/** Each message by TCP comes after its length in two bytes. */
function readMessages(connection: Connection, take: (message: Buffer) => void): void {
  let held = Buffer.alloc(0);
  connection.on('data', (data: Buffer) => {
    held = Buffer.concat([held, data]);
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
      const end = 2 + held.readUInt16BE(0);
      take(held.subarray(2, end));
      held = held.subarray(end);
    }
  });
}

function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** @returns null for what is no question: it is not answered */
function reply(zones: Zones, message: Buffer): dns.Packet | null {
  const asked = decoded(message);
  const question = asked?.questions?.[0];
  if (asked?.type !== 'query' || question === undefined) return null;
  const name = question.name.toLowerCase().replace(/\.$/, '');
  const answer = answerOf(zones, name, question.type);
  const code = answer.kind === 'noSuchName' ? noSuchName : 0;
  const flags = dns.AUTHORITATIVE_ANSWER | dns.RECURSION_DESIRED | recursionAvailable | code;
  const answers = recordsOf(question.name, answer);
  return { type: 'response', id: asked.id ?? 0, flags, questions: [question], answers };
}

function decoded(message: Buffer): dns.DecodedPacket | null {
  try {
    return dns.decode(message);
  } catch {
    return null;
  }
}

function recordsOf(name: string, answer: ZoneAnswer): dns.Answer[] {
  switch (answer.kind) {
    case 'txt':
      return [{ type: 'TXT', name, ttl, data: answer.strings }];
    case 'mx':
      return [{ type: 'MX', name, ttl, data: { preference: 10, exchange: answer.exchange } }];
    case 'address':
      return [{ type: 'A', name, ttl, data: answer.address }];
    case 'noSuchName':
    case 'nothing':
      return [];
  }
}
