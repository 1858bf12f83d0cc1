import type { Brief } from './prompt';
import { asks, hooks, offers, subjects, type TextPurpose } from './phrases';
import type { Voice } from './voice';

const subjectLimit = 90;
const noteLimit = 300;
const messageLimit = 900;
const smsLimit = 306;
const optOut = 'Reply STOP to opt out';

export function emailSubject(brief: Brief, voice: Voice): string {
  const fitting = subjects(brief, purposeOf(brief)).filter((subject) => subject.length <= subjectLimit);
  return voice.say('subject', fitting.length > 0 ? fitting : ['A short question']);
}

/** Without a signature: the sender's own mail program adds it. */
export function emailBody(brief: Brief, voice: Voice): string {
  const purpose = purposeOf(brief);
  const paragraphs = [
    greeting(brief, 'Hi'),
    voice.say('hook', hooks(brief, purpose)),
    [voice.say('offer', offers(brief, purpose)), proof(brief, voice)].filter(Boolean).join(' '),
    voice.say('ask', asks(brief, purpose)),
  ];
  return paragraphs.join('\n\n');
}

/** Spoken words; the carrier's two minutes are plenty. */
export function writeCallScript(brief: Brief, voice: Voice): string {
  const purpose = purposeOf(brief);
  return [
    greeting(brief, 'Hello'),
    `this is ${speaker(brief)}.`,
    voice.say('hook', hooks(brief, purpose)),
    voice.say('offer', offers(brief, purpose)),
    proof(brief, voice),
    voice.say('ask', asks(brief, purpose)),
  ]
    .filter(Boolean)
    .join(' ');
}

export function linkedInNote(brief: Brief, voice: Voice): string {
  const purpose = purposeOf(brief);
  const sentences = [voice.say('hook', hooks(brief, purpose)), voice.say('ask', asks(brief, purpose))];
  return fitting(greeting(brief, 'Hi'), sentences, brief.client.senderName, noteLimit);
}

/** To a connection: longer than a note, and nobody has to be asked to connect. */
export function linkedInMessage(brief: Brief, voice: Voice): string {
  const purpose = purposeOf(brief);
  const sentences = [
    voice.say('hook', hooks(brief, purpose)),
    voice.say('offer', offers(brief, purpose)),
    voice.say('ask', asks(brief, purpose)),
  ];
  return fitting(greeting(brief, 'Hi'), sentences, brief.client.senderName, messageLimit);
}

/** Sender's name first, the way to opt out last; what does not fit between them is left out. */
export function smsText(brief: Brief, voice: Voice): string {
  const purpose = purposeOf(brief);
  const start = `${greeting(brief, 'Hi')} ${speaker(brief)} here.`;
  const short = start.length <= 150 ? start : `${brief.client.senderName || brief.client.name || 'Hello,'} here.`;
  const sentences = [voice.say('ask', asks(brief, purpose)), voice.say('offer', offers(brief, purpose))];
  return fitting(short, sentences, optOut, smsLimit);
}

/** Start, as many of the sentences as there is room for, and the end. */
function fitting(start: string, sentences: string[], end: string, limit: number): string {
  let text = start;
  for (const sentence of sentences) {
    if (`${text} ${sentence} ${end}`.length <= limit) text = `${text} ${sentence}`;
  }
  return `${text} ${end}`.trim().slice(0, limit);
}

/** A proof point as a sentence; one that begins in lower case is something that the client did. */
function proof({ client }: Brief, voice: Voice): string {
  const points = client.proofPoints.map((point) => point.trim()).filter(Boolean);
  const point = voice.sayOnce('proof', points);
  if (point === '') return '';
  const sentence = /^[a-z]/.test(point) ? `${client.name || 'Our team'} ${point}` : point;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function greeting(brief: Brief, word: string): string {
  return brief.lead.firstName ? `${word} ${brief.lead.firstName},` : 'Hello,';
}

function speaker({ client }: Brief): string {
  if (client.senderName && client.name) return `${client.senderName} from ${client.name}`;
  return client.senderName || client.name || 'your account team';
}

function purposeOf(brief: Brief): TextPurpose {
  const purpose = brief.touch.purpose.toLowerCase();
  if (purpose.includes('nudge') || purpose.includes('final')) return 'nudge';
  if (purpose.includes('value')) return 'value';
  return purpose.includes('connect') || purpose.includes('follow') ? 'connect' : 'intro';
}
