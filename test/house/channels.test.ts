import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { channelActions, answerJsonSchema } from '../../activities/channels';
import { instructionsFor } from '../../activities/content/prompt';
import { channelNamed, channels, channelsFrom, rulesOf } from '../../domain/channels';
import { senderKinds } from '../../domain/channels/channel-rules';
import { limits } from '../../domain/limits';
import { defaultSequence } from '../../domain/sequence';
import { providersOf } from '../../providers';
import { deliveryQueue, deliveryQueues } from '../../workflows/contract';

// What the compiler cannot see: that each channel is complete, and that nothing beside its own files names it.

test.each(channels)('%s is complete: limits, provider, answer, prompt, queue', (channel) => {
  const { counts, sender, tiers, lastCallSeconds } = rulesOf(channel);
  expect(limits.filter((limit) => limit.counts === counts && limit.resource === sender)).not.toEqual([]);
  expect(tiers).not.toEqual([]);
  expect(lastCallSeconds).toBeGreaterThan(0);
  expect(providersOf(channel)).not.toEqual([]);
  expect(Object.keys(channelActions[channel].answer.shape)).not.toEqual([]);
  expect(answerJsonSchema(channel)).toMatchObject({ type: 'object', additionalProperties: false });
  expect(instructionsFor(channel, 'intro')).toContain(channelActions[channel].prompt);
  expect(deliveryQueues).toContain(deliveryQueue(channel));
  expect(channelsFrom(sender)).toContain(channel);
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
