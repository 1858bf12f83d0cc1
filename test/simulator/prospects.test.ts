import { configSchema } from '../../simulator/config';
import type { Delivery } from '../../simulator/delivery';
import { parsePeople } from '../../simulator/people';
import { createProspects } from '../../simulator/prospects';
import type { PlannedReaction } from '../../simulator/workflows/reaction-input';
import { jane, only, settings } from './support/settings';

const hour = 3_600_000;

type Channel = Delivery['channel'];

function person(email: string) {
  return { email, firstName: 'Jane', lastName: 'Doe', title: '', company: '', numbers: [], linkedinUrl: null };
}

let count = 0;

function touch(channel: Channel, email: string | null = jane.email): Delivery {
  const common = {
    id: `d${++count}`,
    resource: 'r',
    recipient: 'x',
    touchId: `t${count}`,
    provider: { email: 'smtp', voice: 'twilio', linkedin: 'unipile', sms: 'clicksend' }[channel],
    person: email ? person(email) : null,
  };
  switch (channel) {
    case 'email':
      return {
        ...common,
        channel,
        messageId: common.id,
        subject: 'S',
        sequenceId: null,
        unsubscribeUrl: 'https://engine.example/u/1',
      };
    case 'voice':
      return {
        ...common,
        channel,
        callSid: common.id,
        url: null,
        statusCallback: null,
        statusCallbackEvents: [],
        machineDetection: false,
        timeLimit: 120,
        ringTimeout: 25,
      };
    case 'linkedin':
      return { ...common, channel, kind: 'invite' };
    case 'sms':
      return { ...common, channel, messageId: common.id, text: 'hi' };
  }
}

type Rates = NonNullable<ReturnType<typeof settings>['prospects']>;

function prospects(rates: Rates = {}, seed = 1) {
  return createProspects(seed, configSchema.parse(settings({ prospects: rates })).prospects);
}

/** What a person does of their own accord, apart from opening, accepting and being on the telephone. */
function deeds(reactions: PlannedReaction[]): string[] {
  const inPassing = ['opened', 'inviteAccepted', 'delivered', 'callRings', 'callAnswered', 'callEnds'];
  return reactions.map(({ kind }) => kind).filter((kind) => !inPassing.includes(kind));
}

test.each<[string, Parameters<typeof only>[1], number, Channel[], string[][]]>([
  ['a reply to the second touch', 'reply', 2, ['email', 'voice', 'email'], [[], ['reply'], []]],
  ['a reply on LinkedIn', 'reply', 1, ['linkedin', 'email'], [['reply'], []]],
  ['STOP waits for a text message', 'smsStop', 1, ['email', 'voice', 'sms', 'sms'], [[], [], ['smsStop'], []]],
  ['an unsubscribe waits for a mail', 'unsubscribe', 2, ['email', 'sms', 'email'], [[], [], ['unsubscribe']]],
  ['a complaint waits for a mail', 'complain', 1, ['sms', 'email'], [[], ['complaint']]],
  ['an absence is announced once', 'ooo', 1, ['voice', 'email', 'email'], [[], ['ooo'], []]],
  ['a full mailbox bounces once', 'softBounce', 1, ['email', 'email'], [['softBounce'], []]],
  [
    'a missing mailbox bounces every mail',
    'hardBounce',
    1,
    ['email', 'sms', 'email'],
    [['hardBounce'], [], ['hardBounce']],
  ],
  ['nothing', 'none', 1, ['email', 'voice', 'linkedin', 'sms'], [[], [], [], []]],
])('byEmail: %s', (_name, does, onTouch, channels, expected) => {
  const { receive } = prospects(only(jane.email, does, onTouch, 5));
  expect(channels.map((channel) => deeds(receive(touch(channel))))).toEqual(expected);
});

test('byEmail: exactly so many hours later', () => {
  const { receive } = prospects(only(jane.email, 'reply', 1, 5));
  expect(receive(touch('email'))).toContainEqual(expect.objectContaining({ kind: 'reply', afterMs: 5 * hour }));
});

test('byEmail: who never reacts opens, accepts and answers nothing', () => {
  const { receive } = prospects(only(jane.email, 'none'));
  for (let round = 0; round < 10; round++) {
    expect(receive(touch('email'))).toEqual([]);
    expect(receive(touch('linkedin'))).toEqual([]);
    const call = receive(touch('voice'));
    expect(call.map(({ kind }) => kind)).toEqual(['callRings', 'callEnds']);
    expect(call[1]?.facts).toMatchObject({ status: 'no-answer', duration: 0 });
  }
});

test('the same seed gives everybody the same fate, another seed another', () => {
  const channels: Channel[] = ['email', 'voice', 'linkedin', 'email', 'sms'];
  const story = (seed: number): PlannedReaction[][] => {
    const { receive } = prospects({ replyRate: 0.3 }, seed);
    const people = Array.from({ length: 40 }, (_, index) => `p${index}@acme.example`);
    return people.flatMap((email) => channels.map((channel) => receive(touch(channel, email))));
  };
  expect(story(1)).toEqual(story(1));
  expect(story(2)).not.toEqual(story(1));
});

test('fates come in the given shares, each once', () => {
  const rates = { replyRate: 0.2, oooRate: 0.1, hardBounceRate: 0.1, unsubscribeRate: 0.1, complaintRate: 0.05 };
  const { receive } = prospects(rates);
  const total = 3_000;
  const tally: Record<string, number> = {};
  for (let index = 0; index < total; index++) {
    const mails = Array.from({ length: 6 }, () => deeds(receive(touch('email', `p${index}@acme.example`))));
    for (const deed of new Set(mails.flat())) tally[deed] = (tally[deed] ?? 0) + 1;
    if (!mails.flat().includes('hardBounce')) expect(mails.flat().length).toBeLessThanOrEqual(1);
  }
  const shares = { reply: 0.2, ooo: 0.1, hardBounce: 0.1, unsubscribe: 0.1, complaint: 0.05 };
  for (const [deed, share] of Object.entries(shares)) {
    expect(Math.abs((tally[deed] ?? 0) / total - share)).toBeLessThan(0.025);
  }
});

test('delays are human: bounces and absences in minutes, answers in hours, all within two days', () => {
  const { receive } = prospects({ replyRate: 0.4, oooRate: 0.2, hardBounceRate: 0.2, unsubscribeRate: 0.2 });
  for (let index = 0; index < 500; index++) {
    for (const { kind, afterMs } of receive(touch('email', `p${index}@acme.example`))) {
      expect(afterMs).toBeGreaterThan(0);
      expect(afterMs).toBeLessThanOrEqual(48 * hour);
      if (kind === 'hardBounce' || kind === 'ooo') expect(afterMs).toBeLessThan(hour / 10);
    }
  }
});

test("calls end within the carrier's limit, after ringing and talking in order", () => {
  const { receive } = prospects();
  const statuses = new Set<unknown>();
  for (let index = 0; index < 200; index++) {
    const call = receive(touch('voice', `p${index}@acme.example`)).filter(({ kind }) => kind.startsWith('call'));
    expect(call.map(({ afterMs }) => afterMs)).toEqual(call.map(({ afterMs }) => afterMs).sort((a, b) => a - b));
    const end = call.find(({ kind }) => kind === 'callEnds');
    statuses.add(end?.facts?.['status']);
    expect(Number(end?.facts?.['duration'])).toBeLessThanOrEqual(120);
  }
  expect(statuses).toEqual(new Set(['completed', 'no-answer', 'busy']));
});

test('strangers get their receipts and do nothing', () => {
  const { receive } = prospects({ replyRate: 1, oooRate: 0, hardBounceRate: 0, unsubscribeRate: 0 });
  expect(receive(touch('sms', null)).map(({ kind }) => kind)).toEqual(['delivered']);
  expect(receive(touch('linkedin', null))).toEqual([]);
});

test("people are read under our column names and Apollo's, with BOM and semicolons", () => {
  const [person] = parsePeople(
    '\uFEFFFirst Name;Last Name;Email;Company;Corporate Phone;Mobile Phone;Person Linkedin Url;Country\r\n' +
      'Jane;Doe;Jane@Acme.example;"Acme; Sons\nLtd";\'+61 2 5550 1234;0491 570 156;http://www.linkedin.com/in/jane;Australia\r\n',
  );
  expect(person).toEqual({
    email: 'jane@acme.example',
    firstName: 'Jane',
    lastName: 'Doe',
    title: '',
    company: 'Acme; Sons\nLtd',
    numbers: ['+61491570156', '+61255501234'],
    linkedinUrl: 'http://www.linkedin.com/in/jane',
  });
});
