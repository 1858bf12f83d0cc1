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
