import type { LightMyRequestResponse } from 'fastify';
import { setTimeout as delay } from 'node:timers/promises';
import { scopes } from '../../api/caller';
import { createApiKey } from '../../store/tenants/api-keys';
import { endLeases, engineByHand, oneLead } from '../activities/engine-by-hand';
import { ApiUnderTest, monday, webhookSecrets } from './api-under-test';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());

/** A lead whose first touch is being sent: the provider has been asked and answers when the test says so. */
async function leadInFlight() {
  const { database } = api;
  const order: string[] = [];
  let answer = (): void => undefined;
  const onSend = (): Promise<undefined> =>
    new Promise((resolve) => {
      order.push('provider asked');
      answer = () => resolve(undefined);
    });
  const engine = engineByHand(database, { onSend });
  const { agency, enrollmentId, leadId } = await oneLead(database);
  const { clientId } = agency;
  const { email, unsubscribeToken } = await database.lead.findUniqueOrThrow({ where: { id: leadId } });
  const touch = await engine.prepare(enrollmentId);
  api.now = new Date(touch.wakeAt);
  const delivery = engine.deliver(enrollmentId, touch);
  while (order.length === 0) await delay(5);
  const { secret } = await createApiKey(database, { clientId, name: 'k', scopes, expiresAt: null, now: monday });
  const providerAnswers = async (): Promise<void> => {
    order.push('provider answers');
    answer();
    await delivery;
  };
  return { key: secret, enrollmentId, leadId, email, unsubscribeToken, touchId: touch.touchId, order, providerAnswers };
}

type InFlight = Awaited<ReturnType<typeof leadInFlight>>;
type Stop = (lead: InFlight) => Promise<LightMyRequestResponse>;

const hook = `/webhooks/clicksend/${webhookSecrets.clicksend}/inbound`;
const stopBySms: Stop = ({ touchId }) =>
  api.ask(null, 'POST', hook, { from: '+61491570006', body: 'STOP', message_id: touchId, custom_string: touchId });

/** Every way in which a person is stopped from outside. */
const ways: [string, Stop][] = [
  ['a stop by the user', ({ key, leadId }) => api.ask(key, 'POST', `/v1/leads/${leadId}/stop`)],
  ['an erasure', ({ key, leadId }) => api.ask(key, 'DELETE', `/v1/leads/${leadId}`)],
  ['a suppression', ({ key, email }) => api.ask(key, 'POST', '/v1/suppressions', { email })],
  ['a webhook', stopBySms],
  ['the link in a mail', ({ unsubscribeToken }) => api.ask(null, 'POST', `/u/${unsubscribeToken}`)],
];

const untilStopped = async ({ enrollmentId }: InFlight): Promise<void> => {
  const where = { id: enrollmentId, status: 'stopped' } as const;
  while ((await api.database.enrollment.count({ where })) === 0) await delay(5);
};

describe('TRUTH-2: what stops a person is answered only when a touch that overlaps with it has left', () => {
  test.each(ways)('%s', async (_, stop) => {
    const lead = await leadInFlight();
    const answered = stop(lead).then((answer) => {
      lead.order.push('answered');
      return answer.statusCode;
    });
    // The stop itself does not wait: nothing more is sent from here on.
    await untilStopped(lead);
    await delay(150);
    await lead.providerAnswers();
    expect([200, 201, 204]).toContain(await answered);
    expect(lead.order).toEqual(['provider asked', 'provider answers', 'answered']);
  });

  test.each(ways)('%s that comes again waits as the first one did', async (_, stop) => {
    const lead = await leadInFlight();
    const answered = (): Promise<number> => stop(lead).then(() => lead.order.push('answered'));
    const first = answered();
    await untilStopped(lead);
    const both = [first, answered()];
    await delay(150);
    await lead.providerAnswers();
    await Promise.all(both);
    expect(lead.order).toEqual(['provider asked', 'provider answers', 'answered', 'answered']);
  });

  test.each(ways)('%s does not wait for an attempt that died long ago', async (_, stop) => {
    const lead = await leadInFlight();
    await endLeases(api.database);
    const from = performance.now();
    const { statusCode } = await stop(lead);
    expect([200, 201, 204]).toContain(statusCode);
    expect(performance.now() - from).toBeLessThan(3_000);
    await lead.providerAnswers();
  });
});

describe('TRUTH-2: a stop whose provider is slow', () => {
  const slow = { drainWithinMs: 300 };
  let quick: ApiUnderTest;
  beforeAll(async () => {
    quick = api;
    api = await ApiUnderTest.start(slow);
  });
  afterAll(async () => {
    await api.stop();
    api = quick;
  });

  test.each(ways)('%s is in force, says so with 503, and is answered when it is over', async (_, stop) => {
    const lead = await leadInFlight();
    const first = await stop(lead);
    expect(first.statusCode).toBe(503);
    expect(Number(first.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(first.headers['retry-after'])).toBeLessThanOrEqual(25);
    expect(first.body).toMatch(/in force|You are unsubscribed/);
    expect(await api.database.enrollment.findUniqueOrThrow({ where: { id: lead.enrollmentId } })).toMatchObject({
      status: 'stopped',
    });
    expect((await stop(lead)).statusCode).toBe(503);
    await lead.providerAnswers();
    expect([200, 204]).toContain((await stop(lead)).statusCode);
  });

  test('the problem is one of ours', async () => {
    const lead = await leadInFlight();
    const answer = await api.ask(lead.key, 'POST', `/v1/leads/${lead.leadId}/stop`);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.json()).toMatchObject({
      type: 'urn:agency-os:problem:still-on-its-way',
      status: 503,
      title: 'Stopped, but a message is still on its way',
    });
    await lead.providerAnswers();
  });

  test('by Idempotency-Key too: nothing is stored that would be replayed', async () => {
    const lead = await leadInFlight();
    const stop = () =>
      api.ask(lead.key, 'POST', `/v1/leads/${lead.leadId}/stop`, undefined, { 'idempotency-key': 'stop-1' });
    expect((await stop()).statusCode).toBe(503);
    await lead.providerAnswers();
    expect((await stop()).statusCode).toBe(200);
  });

  test('a worker’s clock that is 31 s slow shortens nobody’s wait', async () => {
    const lead = await leadInFlight();
    api.now = new Date(api.now.getTime() + 31_000);
    expect((await stopBySms(lead)).statusCode).toBe(503);
    await lead.providerAnswers();
    expect((await stopBySms(lead)).statusCode).toBe(200);
  });

  test('a stop that concerns leads of two clients is answered when both are over', async () => {
    const [mine, theirs] = [await leadInFlight(), await leadInFlight()];
    const mobile = '+61491570156';
    await api.database.lead.updateMany({ where: { id: { in: [mine.leadId, theirs.leadId] } }, data: { mobile } });
    const stop = () =>
      api.ask(null, 'POST', hook, { from: mobile, to: '+61491570999', body: 'STOP', message_id: 'from-nowhere' });
    expect((await stop()).statusCode).toBe(503);
    await mine.providerAnswers();
    expect((await stop()).statusCode).toBe(503);
    await theirs.providerAnswers();
    expect((await stop()).statusCode).toBe(200);
    for (const id of [mine.enrollmentId, theirs.enrollmentId]) {
      expect(await api.database.enrollment.findUniqueOrThrow({ where: { id } })).toMatchObject({ status: 'stopped' });
    }
  });

  test('100 stops by every road, while the provider takes its time: nothing is accepted after a 2xx', async () => {
    const providerMs = 700;
    const acceptedAt = new Map<string, number>();
    const engine = engineByHand(api.database, {
      onSend: async ({ touchId }) => {
        await delay(providerMs);
        acceptedAt.set(touchId, performance.now());
        return undefined;
      },
    });
    const outcomes = { sent: 0, stopped: 0, asked503: 0 };
    for (let round = 0; round < 10; round += 1) {
      const leads = [];
      for (const [, stop] of [...ways, ...ways]) leads.push({ stop, ...(await dueLead(engine)) });
      await Promise.all(
        leads.map(async ({ stop, deliver, ...lead }, index) => {
          const stopFirst = index % 4 === 3;
          const delivered = delay(stopFirst ? 60 : 0).then(deliver);
          await delay(stopFirst ? 0 : (index % 4) * 30);
          let answer = await stop(lead as InFlight);
          while (answer.statusCode === 503) {
            outcomes.asked503 += 1;
            await delay(100);
            answer = await stop(lead as InFlight);
          }
          const answeredAt = performance.now();
          expect([200, 201, 204]).toContain(answer.statusCode);
          await delivered;
          const accepted = acceptedAt.get(lead.touchId);
          if (accepted === undefined) outcomes.stopped += 1;
          else {
            outcomes.sent += 1;
            expect(accepted).toBeLessThan(answeredAt);
          }
        }),
      );
    }
    // Every kind of meeting was met, or this would prove nothing.
    expect(outcomes.sent).toBeGreaterThan(5);
    expect(outcomes.stopped).toBeGreaterThan(5);
    expect(outcomes.asked503).toBeGreaterThan(5);
    expect(outcomes.sent + outcomes.stopped).toBe(100);
  }, 120_000);

  /** A lead of a new client whose first touch is due, and what is needed to stop it by any road. */
  async function dueLead(engine: ReturnType<typeof engineByHand>) {
    const { database } = api;
    const { agency, enrollmentId, leadId } = await oneLead(database);
    const { clientId } = agency;
    const { email, unsubscribeToken } = await database.lead.findUniqueOrThrow({ where: { id: leadId } });
    const touch = await engine.prepare(enrollmentId);
    const due = new Date('2026-03-02T22:30:00Z');
    await database.touch.update({ where: { id: touch.touchId }, data: { slotAt: due } });
    const { secret } = await createApiKey(database, { clientId, name: 'k', scopes, expiresAt: null, now: monday });
    const deliver = () => {
      engine.clock.set(due);
      return engine.deliverNow(enrollmentId, touch);
    };
    return { key: secret, enrollmentId, leadId, email, unsubscribeToken, touchId: touch.touchId, deliver };
  }
});
