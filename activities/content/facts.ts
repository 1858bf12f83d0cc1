import type { Channel, Purpose } from '../../domain/sequence';

/** All that a text may be written from (TEXT-1), as it travels to the writer: data, apart from the instructions (TEXT-3). */
export interface WritingFacts {
  touch: { channel: Channel; purpose: Purpose; step: number };
  lead: { firstName: string | null; lastName: string | null; title: string | null };
  company: {
    name: string | null;
    domain: string | null;
    industry: string | null;
    size: string | null;
    city: string | null;
    country: string | null;
  };
  client: { name: string; senderName: string | null; website: string | null; proofPoints: string[] };
  /** What earlier touches said to this lead, oldest first. */
  alreadySaid: { channel: Channel; text: string }[];
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
