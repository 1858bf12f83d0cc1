import { z } from 'zod';
import type { Channel } from '../../domain/sequence';

/**
 * The shape of the writer's answer for each channel. Lengths are left to the checks: Claude's structured output knows
 * no length keywords, and a check can tell the writer what to do better.
 */
export const answerSchemas = {
  email: z.strictObject({
    subject: z.string().describe('The subject line.'),
    body: z.string().describe('The text of the mail, from the greeting to the last sentence, without a signature.'),
  }),
  voice: z.strictObject({ script: z.string().describe('The words to be spoken.') }),
  linkedin: z.strictObject({ note: z.string().describe('The note of the connection request.') }),
  sms: z.strictObject({ text: z.string().describe('The whole text message.') }),
} as const satisfies Record<Channel, z.ZodType>;

/** The same as a JSON schema for the provider: every object closed, every field required. */
export function answerJsonSchema(channel: Channel): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(answerSchemas[channel]);
  return schema;
}
