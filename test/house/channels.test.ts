import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formActions, answerJsonSchema } from '../../activities/channels';
import { instructionsFor } from '../../activities/content/prompt';
import {
  channelNamed,
  channelOf,
  channels,
  channelsFrom,
  countsOn,
  formNamed,
  formsOf,
  rulesOf,
  touchForms,
} from '../../domain/channels';
import { senderKinds } from '../../domain/channels/channel-rules';
import { limits } from '../../domain/limits';
import { defaultSequence } from '../../domain/sequence';
import { providersOf } from '../../providers';
import { deliveryQueue, deliveryQueues } from '../../workflows/contract';

// What the compiler cannot see: that each channel is complete, and that nothing beside its own files names it.

test.each(channels)('%s is complete: limits, provider, queue', (channel) => {
  const { sender, tiers, lastCallSeconds } = rulesOf(channel);
  for (const counts of countsOn(channel)) {
    expect(limits.filter((limit) => limit.counts === counts && limit.resource === sender)).not.toEqual([]);
  }
  expect(tiers).not.toEqual([]);
  expect(lastCallSeconds).toBeGreaterThan(0);
  expect(providersOf(channel)).not.toEqual([]);
  expect(deliveryQueues).toContain(deliveryQueue(channel));
  expect(channelsFrom(sender)).toContain(channel);
});

test.each(touchForms)('a touch of form %s is complete: its channel, answer and prompt', (form) => {
  const channel = channelOf(form);
  expect(formsOf(channel)).toContain(form);
  expect(formNamed(channel, form)).toBe(form);
  expect(Object.keys(formActions[form].answer.shape)).not.toEqual([]);
  expect(answerJsonSchema(form)).toMatchObject({ type: 'object', additionalProperties: false });
  expect(instructionsFor(form, 'intro')).toContain(formActions[form].prompt);
});

test('a form belongs to one channel; one that its channel does not have is an error', () => {
  expect(new Set(touchForms).size).toBe(touchForms.length);
  expect(formNamed('email', null)).toBe('email');
  expect(() => formNamed('email', 'message')).toThrow(RangeError);
});

test('every kind of sender is used, and every step has a channel', () => {
  for (const kind of senderKinds) expect(channelsFrom(kind)).not.toEqual([]);
  for (const step of defaultSequence) expect(channels).toContain(step.channel);
});

test('a channel that the code does not know is an error, never a default', () => {
  expect(() => channelNamed('telepathy')).toThrow(RangeError);
  expect(() => channelNamed('toString')).toThrow(RangeError);
});

test('no database function names a channel, a counter or a provider', () => {
  const folder = path.join(__dirname, '..', '..', 'prisma', 'functions');
  const words = [...channels, ...limits.map((limit) => limit.counter), ...channels.flatMap(providersOf)];
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    for (const word of words) expect([file, text.includes(`'${word}'`)]).toEqual([file, false]);
  }
});
