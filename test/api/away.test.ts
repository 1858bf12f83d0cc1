import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Connection, WorkflowClient } from '@temporalio/client';
import { boundedDelivery } from '../../api/bounded-delivery';
import { closeDatabase, openDatabase, type Database } from '../../store/database';
import { dispatch } from '../../store/outbox/dispatch';
import { temporalDelivery } from '../../temporal/outbox-delivery';
import { createAgency, createLeads } from '../store/fixtures';
import { ApiUnderTest, monday, webhookSecrets } from './api-under-test';

const path = `/webhooks/salesforge/${webhookSecrets.salesforge}`;
const replyOf = (email: string, id: string) =>
  JSON.stringify({
    webhookInfo: { type: 'email_replied', eventTime: monday.toISOString() },
    contact: { id, email },
    sequenceEmail: { content: 'Hello' },
  });

describe('Temporal is away while events come', () => {
  const events = 500;
  let api: ApiUnderTest;
  let connection: Connection;
  let silent: Server;
  const held: Socket[] = [];
  let deliveries: number;

  beforeAll(async () => {
    // The worst there is: somebody takes the call and never answers. Each delivery hangs for its five seconds.
    silent = createServer((socket) => void held.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    connection = Connection.lazy({ address: `127.0.0.1:${port}`, interceptors: [] });
    const deliver = temporalDelivery(new WorkflowClient({ connection }));
    const clock = { now: () => Promise.resolve(monday), toWorkflowTime: (at: Date) => at.getTime() };
    deliveries = 0;
    const database = (): Database => api.database;
    const deliverOutbox = boundedDelivery((wanted) => {
      deliveries += 1;
      return dispatch(database(), clock, deliver, wanted);
    });
    api = await ApiUnderTest.start({ deliverOutbox });
  });
  afterAll(async () => {
    await connection.close();
    held.forEach((socket) => socket.destroy());
    silent.close();
    await api.stop();
  });

  test('TRUTH-5: all are answered 200 quickly, nothing piles up, and when it is back all workflows hear of them', async () => {
    const agency = await createAgency(api.database);
    await createLeads(api.database, agency, events);
    const leads = await api.database.lead.findMany({ where: { clientId: agency.clientId } });
    const before = process.memoryUsage().rss;
    const took: number[] = [];
    const send = async (email: string, at: number): Promise<void> => {
      const began = performance.now();
      const answer = await api.server.inject({
        method: 'POST',
        url: path,
        headers: { 'content-type': 'application/json' },
        payload: replyOf(email, `away-${at}`),
      });
      took.push(performance.now() - began);
      expect(answer.statusCode).toBe(200);
    };
    for (let at = 0; at < events; at += 20) {
      await Promise.all(leads.slice(at, at + 20).map(({ email }, index) => send(email, at + index)));
    }
    took.sort((a, b) => a - b);
    expect(took[Math.floor(events * 0.99)]).toBeLessThan(3_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
    expect(deliveries).toBeLessThan(100);
    const stopped = { campaignId: agency.campaignId, status: 'stopped', stopReason: 'reply' } as const;
    expect(await api.database.enrollment.count({ where: stopped })).toBe(events);

    api.now = new Date(monday.getTime() + 600_000);
    while ((await api.relay()).delivered > 0);
    expect(api.workflows.told).toHaveLength(events);
    expect(await api.database.outbox.count({ where: { deliveredAt: null } })).toBe(0);
  }, 60_000);
});

/** A way to PostgreSQL that can be cut. */
class Way {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  port = 0;

  constructor(private readonly to: { host: string; port: number }) {}

  async open(): Promise<void> {
    const server = createServer((from) => {
      const onward = connect(this.to);
      for (const socket of [from, onward]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => [from, onward].forEach((each) => each.destroy()));
      }
      from.pipe(onward).pipe(from);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    this.sockets.forEach((socket) => socket.destroy());
    await closed;
  }
}

describe('PostgreSQL is away', () => {
  let api: ApiUnderTest;
  let way: Way;
  let database: Database;

  beforeAll(async () => {
    const direct = await ApiUnderTest.start();
    const url = new URL(direct.db.url);
    way = new Way({ host: url.hostname, port: Number(url.port) });
    await way.open();
    url.host = `127.0.0.1:${way.port}`;
    database = openDatabase(url.toString(), 4);
    api = await ApiUnderTest.start({ database });
    await direct.server.close();
    cleanUp = () => direct.db.drop();
  });
  let cleanUp: () => Promise<void>;
  afterAll(async () => {
    await api.stop();
    await closeDatabase(database);
    await way.cut();
    await cleanUp();
  });

  test('an event is answered 503 at once, and accepted on the sender’s retry; so is a tenant’s request', async () => {
    const agency = await createAgency(database);
    await createLeads(database, agency, 1);
    const { email } = await database.lead.findFirstOrThrow({ where: { clientId: agency.clientId } });
    const send = () =>
      api.server.inject({
        method: 'POST',
        url: path,
        headers: { 'content-type': 'application/json' },
        payload: replyOf(email, 'cut'),
      });
    await way.cut();
    const began = performance.now();
    const [refused, asked] = [await send(), await api.ask('some-key', 'GET', '/v1/campaigns')];
    expect(performance.now() - began).toBeLessThan(5_000);
    for (const answer of [refused, asked]) {
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '10']);
    }
    await way.open();
    expect((await send()).statusCode).toBe(200);
    expect((await send()).statusCode).toBe(200);
    expect(await database.inboundEvent.count()).toBe(1);
    expect(await database.enrollment.findFirst({ where: { campaignId: agency.campaignId } })).toMatchObject({
      status: 'stopped',
    });
  });
});
