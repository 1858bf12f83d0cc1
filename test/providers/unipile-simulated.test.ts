import { openOutside } from '../../providers/outside';
import type { InvitationRequest, LinkedInMessage } from '../../providers/ports';
import { unipileNetworker } from '../../providers/unipile/client';
import { config, jane, omar, only, seat, secrets } from '../simulator/support/settings';
import { openWorld, startOfRun, type TestWorld } from '../simulator/support/world';
import { allowed } from './local-api';

// The client against the simulated LinkedIn: the two were written apart.

let open: TestWorld;
afterEach(() => open.world.close());

async function networker(linkedin: NonNullable<Parameters<typeof config>[0]>['linkedin'] = {}) {
  open = await openWorld(
    config({ linkedin, prospects: only(jane.email, 'reply'), engineBaseUrl: 'http://127.0.0.1:1' }),
  );
  const outside = openOutside({ publicBaseUrl: 'https://engine.example', onlyThisMachine: true });
  return unipileNetworker({ baseUrl: open.httpUrl, apiKey: secrets.unipileApiKey }, outside);
}

const invitation = (profileUrl: string, look = true): InvitationRequest => ({
  form: 'invitation',
  touchId: 'touch-1',
  accountId: seat,
  profileUrl,
  note: 'Hello',
  look,
});
const message = (profileUrl: string, text = 'Hello\n\nJane, how are you?'): LinkedInMessage => ({
  form: 'message',
  touchId: 'touch-2',
  accountId: seat,
  profileUrl,
  text,
});
const seen = () => open.outbox().map(({ operation, outcome }) => `${operation} ${outcome}`);

test('a stranger is looked at and invited; then the invitation is found, and nobody is invited twice', async () => {
  const linkedIn = await networker();
  expect(await linkedIn.find(invitation(jane.linkedinUrl), startOfRun)).toBe('absent');
  expect(await linkedIn.send(invitation(jane.linkedinUrl), allowed)).toMatchObject({ kind: 'accepted' });
  expect(seen().slice(-2)).toEqual(['view accepted', 'invite accepted']);
  expect(await linkedIn.find(invitation(jane.linkedinUrl), startOfRun)).toBe('found');
  expect(await linkedIn.send(invitation(jane.linkedinUrl), allowed)).toMatchObject({
    kind: 'rejected',
    network: 'invited',
  });
  expect(seen().filter((line) => line.startsWith('invite'))).toHaveLength(1);
});

test('a message only to a connection; once accepted, it is a message that goes', async () => {
  const linkedIn = await networker();
  expect(await linkedIn.send(message(jane.linkedinUrl), allowed)).toMatchObject({
    kind: 'rejected',
    network: 'strangers',
  });
  await linkedIn.send(invitation(jane.linkedinUrl), allowed);
  await open.happen('inviteAccepted');
  expect(await linkedIn.send(invitation(jane.linkedinUrl, false), allowed)).toMatchObject({ network: 'connected' });
  expect(await linkedIn.find(message(jane.linkedinUrl), startOfRun)).toBe('absent');
  expect(await linkedIn.send(message(jane.linkedinUrl), allowed)).toMatchObject({ kind: 'accepted' });
  expect(await linkedIn.find(message(jane.linkedinUrl), startOfRun)).toBe('found');
  expect(await linkedIn.find(message(jane.linkedinUrl, 'Something else'), startOfRun)).toBe('absent');
  expect(await linkedIn.find(message(jane.linkedinUrl), new Date(startOfRun.getTime() + 3_600_000))).toBe('absent');
  expect(open.outbox().at(-1)).toMatchObject({ operation: 'lookup' });
  expect(
    open.outbox().find(({ operation, outcome }) => operation === 'message' && outcome === 'accepted'),
  ).toMatchObject({
    recipient: jane.linkedinUrl,
    touchId: 'touch-2',
    detail: { text: 'Hello\n\nJane, how are you?' },
  });
});

test('a throttled seat sends nothing, and the profile that was looked at stays seen', async () => {
  const linkedIn = await networker({
    connections: [{ seat, person: omar.email }],
    throttles: [
      { seat, error: 'cannot_resend_yet' },
      { seat, error: 'account_restricted' },
      { seat, error: 'too_many_requests', retryAfterSeconds: 900 },
    ],
  });
  const rest = { kind: 'rejected', retry: 'rest' };
  expect(await linkedIn.send(invitation(jane.linkedinUrl), allowed)).toEqual({
    ...rest,
    error: 'cannot_resend_yet',
    retryAfterSeconds: 86_400,
    looked: true,
  });
  expect(await linkedIn.send(message(omar.linkedinUrl), allowed)).toEqual({ ...rest, error: 'account_restricted' });
  expect(await linkedIn.send(message(omar.linkedinUrl), allowed)).toMatchObject({ ...rest, retryAfterSeconds: 900 });
  expect(seen().filter((line) => line.endsWith('rejected'))).toEqual([
    'invite rejected',
    'message rejected',
    'message rejected',
  ]);
});
