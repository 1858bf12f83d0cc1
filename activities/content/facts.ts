import type { Channel } from '../../domain/channels';
import type { Purpose } from '../../domain/sequence';
import type { KnownForWriting } from '../../store/touches/writing-facts';

/** All that a text may be written from (TEXT-1), as it travels to the writer: data, apart from the instructions (TEXT-3). */
export interface WritingFacts extends KnownForWriting {
  touch: { channel: Channel; purpose: Purpose; step: number };
}

/** A text of each channel, as it is stored with its touch (TEXT-4). */
export interface EmailText {
  subject: string;
  body: string;
}
export interface VoiceText {
  script: string;
}
export interface LinkedInText {
  note: string;
}
export interface SmsText {
  text: string;
}
export type TouchContent = EmailText | VoiceText | LinkedInText | SmsText;

/** Who speaks: the sender's name where the client gave one, else the client's. */
export function senderNameOf(facts: WritingFacts): string {
  return facts.client.senderName ?? facts.client.name;
}
