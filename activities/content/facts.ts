import type { TouchForm } from '../../domain/channels';
import type { SequenceStep } from '../../domain/sequence';
import type { KnownForWriting } from '../../store/touches/writing-facts';

/** All that a text may be written from (TEXT-1), as it travels to the writer: data, apart from the instructions (TEXT-3). */
export interface WritingFacts extends KnownForWriting {
  touch: Pick<SequenceStep, 'channel' | 'purpose' | 'step'> & { form: TouchForm };
}

/** A text as it is stored with its touch (TEXT-4): its fields by name. Each form knows its own (activities/channels). */
export type TouchContent = Readonly<Record<string, string>>;

/** Who speaks: the sender's name where the client gave one, else the client's. */
export function senderNameOf(facts: WritingFacts): string {
  return facts.client.senderName ?? facts.client.name;
}
