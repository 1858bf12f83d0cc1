import { answerJsonSchema } from '../../activities/channels';
import { checkText } from '../../activities/content/check-text';
import { leftoverPlaceholders } from '../../activities/content/placeholders';
import { touchForms, type TouchForm } from '../../domain/channels';
import { goodEmail, sampleFacts } from './sample-facts';

const goodSms = { text: 'Hi Jane, Anna Bell here about rosters at Acme. Reply STOP to opt out' };

const good: [TouchForm, object][] = [
  ['email', goodEmail],
  ['voice', { script: 'Hello Jane, this is Anna Bell from Growth Co. I wrote to you about rosters.' }],
  ['invitation', { note: 'Hello Jane, we both work on rosters; I would like to connect.' }],
  ['invitation', { note: 'y'.repeat(300) }],
  ['message', { message: 'Hello Jane, how are the rosters of your crews made today? Anna' }],
  ['message', { message: 'y'.repeat(900) }],
  ['sms', goodSms],
  ['sms', { text: `Anna Bell: ${'y'.repeat(272)}. Reply STOP to opt out` }],
];

describe('a text that may be sent (TEXT-1)', () => {
  it.each(good)('%s %j', (channel, content) => {
    expect(checkText(channel, content, sampleFacts(channel))).toEqual({ ok: true, text: content });
  });
  it('has its ends trimmed and plain line breaks', () => {
    const untidy = { subject: ' Crew rosters at Acme ', body: `\r\n${goodEmail.body.replaceAll('\n', '\r\n')}\r\n` };
    expect(checkText('email', untidy, sampleFacts('email'))).toEqual({ ok: true, text: goodEmail });
  });
  it('may name the client when no sender is named', () => {
    const facts = sampleFacts('sms');
    const verdict = checkText(
      'sms',
      { text: 'Growth Co about rosters at Acme. Reply STOP to opt out' },
      { ...facts, client: { ...facts.client, senderName: null } },
    );
    expect(verdict.ok).toBe(true);
  });
});

describe('a text that may not be sent (TEXT-2)', () => {
  it.each<[string, TouchForm, unknown, RegExp]>([
    ['nothing', 'email', null, /JSON object with exactly the fields "subject" and "body"/],
    ['text instead of an object', 'sms', 'Hello', /exactly the fields "text"/],
    ['a missing field', 'email', { subject: 'Hello' }, /exactly the fields/],
    ['a field too many', 'invitation', { note: 'Hello Jane', tool: 'rm' }, /exactly the fields "note"/],
    ['a field of another type', 'voice', { script: 7 }, /exactly the fields "script"/],
    ['another channel’s answer', 'sms', goodEmail, /exactly the fields "text"/],
    ['an empty subject', 'email', { ...goodEmail, subject: '  ' }, /subject is empty/],
    ['a subject of two lines', 'email', { ...goodEmail, subject: 'Rosters\nBcc: joe@acme.example' }, /one line/],
    ['a long subject', 'email', { ...goodEmail, subject: 'y'.repeat(151) }, /151 characters; at most 150/],
    ['an empty body', 'email', { ...goodEmail, body: '' }, /body is empty/],
    ['a body that says nothing', 'email', { ...goodEmail, body: 'Hello Jane.' }, /11 characters; at least 40/],
    ['a long body', 'email', { ...goodEmail, body: 'y'.repeat(2_501) }, /at most 2500/],
    ['an empty script', 'voice', { script: '' }, /script is empty/],
    ['a long script', 'voice', { script: 'y'.repeat(1_201) }, /at most 1200/],
    ['a note where a message is due', 'message', { note: 'Hello Jane' }, /exactly the fields "message"/],
    ['a long message', 'message', { message: 'y'.repeat(901) }, /901 characters; at most 900/],
    ['a message that says nothing', 'message', { message: 'Hello Jane' }, /10 characters; at least 20/],
    ['a long note', 'invitation', { note: 'y'.repeat(301) }, /301 characters; at most 300/],
    ['a long text message', 'sms', { text: `${goodSms.text}${'y'.repeat(306)}` }, /at most 306/],
    [
      'a text message without its sender',
      'sms',
      { text: 'Rosters at Acme? Reply STOP to opt out' },
      /name the sender, "Anna Bell"/,
    ],
    [
      'a text message without opt-out',
      'sms',
      { text: 'Anna Bell about rosters at Acme. We never stop.' },
      /Reply STOP to opt out/,
    ],
    [
      'a placeholder',
      'email',
      { ...goodEmail, body: `${goodEmail.body} {{firstName}}` },
      /placeholder \{\{firstName\}\}/,
    ],
    ['a control character', 'invitation', { note: 'Hello\u0000 Jane' }, /control characters/],
  ])('%s', (_name, channel, content, reason) => {
    const verdict = checkText(channel, content, sampleFacts(channel));
    expect(verdict).toEqual({ ok: false, reasons: [expect.stringMatching(reason)] });
  });
  it('tells every reason at once', () => {
    const verdict = checkText('email', { subject: '', body: 'Hi [Name]' }, sampleFacts('email'));
    expect(verdict).toMatchObject({ ok: false, reasons: [/.*/, /.*/, /.*/].map((one) => expect.stringMatching(one)) });
  });
});

describe('leftover placeholders', () => {
  it.each([
    '{{SMART_PROMPT}}',
    '{{first_name}',
    '{% if x %}',
    '{first_name}',
    '${name}',
    '[Name]',
    '[Your Company]',
    '[object Object]',
    '<title>',
    '<Your Name>',
    '</p>',
    '%FIRST_NAME%',
    'XXX',
    'lorem ipsum',
    'insert your offer here',
    'undefined',
  ])('%s', (leftover) => {
    expect(leftoverPlaceholders(`Hello ${leftover}, how are you?`, {})).toEqual([leftover]);
  });
  it.each(['2 < 3 and 5 > 4', 'costs fell 20 % in a year [1]', 'a :-{ b', 'mail <3', 'We are at 100%'])(
    'none in: %s',
    (text) => {
      expect(leftoverPlaceholders(text, {})).toEqual([]);
    },
  );
  it('a name that looks like one is a name', () => {
    expect(leftoverPlaceholders('Hello from [solid] gyms', { company: { name: '[solid]' } })).toEqual([]);
    expect(leftoverPlaceholders('Hello from [solid] gyms', { company: { name: 'solid' } })).toEqual(['[solid]']);
  });
});

it.each(touchForms)('the schema for %s keeps to what structured output can do', (channel) => {
  const schema = answerJsonSchema(channel);
  const properties = schema['properties'] as Record<string, Record<string, unknown>>;
  expect(schema).toMatchObject({ type: 'object', additionalProperties: false, required: Object.keys(properties) });
  expect(Object.keys(schema).sort()).toEqual(['additionalProperties', 'properties', 'required', 'type']);
  for (const property of Object.values(properties)) {
    expect(Object.keys(property).sort()).toEqual(['description', 'type']);
  }
});
