import { config, jane, only, seat } from './support/settings';
import { openEngineSink } from './support/engine-sink';
import { sendMail } from './support/mail';
import { openWorld } from './support/world';
import { secrets } from './support/settings';

test('in real time a restarted world remembers what had arrived, and nobody reacts twice', async () => {
  const engine = await openEngineSink();
  const settings = config({ engineBaseUrl: engine.url, prospects: only(jane.email, 'reply') });
  const before = await openWorld(settings);
  await sendMail(before.smtpPort);
  const headers = { 'x-api-key': secrets.unipileApiKey, 'content-type': 'application/json' };
  const profile = await fetch(`${before.httpUrl}/api/v1/users/jane-doe-example-1?account_id=${seat}`, { headers });
  const { provider_id: providerId } = (await profile.json()) as { provider_id: string };
  const body = JSON.stringify({ account_id: seat, provider_id: providerId, message: 'Hi' });
  const invite = (url: string) => fetch(`${url}/api/v1/users/invite`, { method: 'POST', headers, body });
  expect((await invite(before.httpUrl)).status).toBe(201);
  await before.world.close();

  const after = await openWorld(settings);
  const deliveryId = 'touch-1@growth.example';
  await after.world.teller.tellEngine({ deliveryId, kind: 'reply', facts: {} });
  expect(after.inbox()).toEqual([
    expect.objectContaining({ event: 'reply', recipient: jane.email, touchId: 'touch-1' }),
  ]);
  await sendMail(after.smtpPort, { touchId: 'touch-2' });
  const kinds = after.reactions.flatMap(({ reactions }) => reactions.map(({ kind }) => kind));
  expect(kinds).not.toContain('reply');
  expect((await invite(after.httpUrl)).status).toBe(422);
  expect(after.outbox().map(({ operation }) => operation)).toEqual(['send', 'lookup', 'invite', 'send', 'invite']);
  await after.world.close();
  await engine.close();
});

test('a virtual run is a new world and begins with empty logs', async () => {
  const settings = config({ clock: { kind: 'virtual', offsetMs: 0 } });
  const first = await openWorld(settings);
  await sendMail(first.smtpPort);
  expect(first.outbox()).toHaveLength(1);
  await first.world.close();
  const second = await openWorld(settings);
  expect(second.outbox()).toEqual([]);
  await second.world.close();
});
