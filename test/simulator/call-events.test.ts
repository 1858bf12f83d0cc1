import twilio from 'twilio';
import { config, jane, number, only, secrets } from './support/settings';
import { openEngineSink, type EngineSink, type Received } from './support/engine-sink';
import { openWorld, type TestWorld } from './support/world';
import type { ReactionFacts, ReactionKind } from '../../simulator/workflows/reaction-input';

const twiml =
  '<Response><Gather numDigits="1" action="/webhooks/gather?touchId=touch-2&amp;x=1"><Say>Hi</Say></Gather></Response>';

let open: TestWorld;
let engine: EngineSink;
let callSid: string;

beforeEach(async () => {
  engine = await openEngineSink(({ path }) => ({ status: 200, body: path.includes('twiml') ? twiml : '' }));
  open = await openWorld(config({ engineBaseUrl: engine.url, prospects: only(jane.email, 'reply', 1, 26) }));
  callSid = await dial();
});

afterEach(async () => {
  await open.world.close();
  await engine.close();
});

async function dial(): Promise<string> {
  const body = new URLSearchParams({
    To: jane.mobile,
    From: number,
    Url: `${engine.url}/twiml?touchId=touch-2`,
    StatusCallback: `${engine.url}/status?touchId=touch-2`,
    TimeLimit: '120',
    Timeout: '25',
  });
  for (const event of ['initiated', 'ringing', 'answered', 'completed']) body.append('StatusCallbackEvent', event);
  const credentials = Buffer.from(`${secrets.twilioAccountSid}:${secrets.twilioAuthToken}`).toString('base64');
  const url = `${open.httpUrl}/2010-04-01/Accounts/${secrets.twilioAccountSid}/Calls.json`;
  const response = await fetch(url, { method: 'POST', headers: { authorization: `Basic ${credentials}` }, body });
  return ((await response.json()) as { sid: string }).sid;
}

function happen(kind: ReactionKind, facts: ReactionFacts = {}): Promise<boolean> {
  return open.world.teller.tellEngine({ deliveryId: callSid, kind, facts });
}

function fields({ body }: Received): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body));
}

test('an answered call reports its progress, hears the script and ends; all of it is signed', async () => {
  await happen('callRings');
  await happen('callAnswered', { answeredBy: 'human' });
  await happen('callEnds', { answeredBy: 'human', status: 'completed', duration: 43 });
  expect(engine.received.map((request) => [request.path, fields(request)['CallStatus']])).toEqual([
    ['/status?touchId=touch-2', 'initiated'],
    ['/status?touchId=touch-2', 'ringing'],
    ['/status?touchId=touch-2', 'in-progress'],
    ['/twiml?touchId=touch-2', 'in-progress'],
    ['/status?touchId=touch-2', 'completed'],
  ]);
  for (const request of engine.received) {
    const signature = String(request.headers['x-twilio-signature']);
    const url = `${engine.url}${request.path}`;
    expect(twilio.validateRequest(secrets.twilioAuthToken, signature, url, fields(request))).toBe(true);
    expect(fields(request)).toMatchObject({
      CallSid: callSid,
      To: jane.mobile,
      From: number,
      Direction: 'outbound-api',
    });
  }
  expect(fields(engine.received[4] as Received)).toMatchObject({ CallDuration: '43', Duration: '1' });
  expect(open.inbox()).toEqual([
    expect.objectContaining({
      provider: 'twilio',
      event: 'callCompleted',
      recipient: jane.mobile,
      touchId: 'touch-2',
      answeredStatus: 200,
      detail: { callSid, status: 'completed', duration: 43, answeredBy: 'human' },
    }),
  ]);
});

test('a pressed key goes where the script says', async () => {
  await happen('callAnswered', { answeredBy: 'human' });
  await happen('keyPressed');
  const pressed = engine.received.at(-1) as Received;
  expect(pressed.path).toBe('/webhooks/gather?touchId=touch-2&x=1');
  expect(fields(pressed)).toMatchObject({ Digits: '1', CallSid: callSid });
  expect(open.inbox()).toEqual([expect.objectContaining({ event: 'reply', touchId: 'touch-2' })]);
});

test('who wants to talk later calls the number back', async () => {
  expect(open.reactions[0]?.reactions).toContainEqual(
    expect.objectContaining({ kind: 'reply', afterMs: 26 * 3_600_000 }),
  );
  await happen('reply');
  const request = engine.received.at(-1) as Received;
  expect(request.path).toBe('/webhooks/twilio/voice/inbound');
  expect(fields(request)).toMatchObject({ Direction: 'inbound', From: jane.mobile, To: number });
  expect(fields(request)['CallSid']).not.toBe(callSid);
  expect(open.inbox()).toEqual([
    expect.objectContaining({ event: 'reply', provider: 'twilio', recipient: jane.mobile }),
  ]);
});
