/** Words with which people end text messages from a sender, in any case and with any punctuation (SEQ-5). */
const stopWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'END', 'QUIT', 'CANCEL', 'OPTOUT']);
/** Those that mean it also at the start of a short sentence ("stop texting me please"). */
const stopVerbs = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'OPTOUT']);
/** More words than this make it a message to read, not a command. */
const shortSentence = 4;

/** Is this text message a STOP? */
export function isStopMessage(text: string): boolean {
  const letters = (part: string): string => part.toUpperCase().replace(/[^A-Z]/g, '');
  if (stopWords.has(letters(text))) return true;
  const words = text.split(/\s+/).map(letters).filter(Boolean);
  return words.length <= shortSentence && stopVerbs.has(words[0] ?? '');
}

const unsubscribeSentence = new RegExp(
  '^(hi|hello)?[ ,]*(please |pls |kindly )?' +
    '(unsubscribe|opt[- ]?out|stop( (emailing|contacting|writing( to)?))?|(remove|take) me( (from|off).{0,40})?|delete me)' +
    '( me)?( please| thanks| thank you)?$',
);

/** Is a mail's whole first sentence a wish to be left alone for good (SEQ-5)? Anything longer is an ordinary reply. */
export function isUnsubscribeReply(text: string): boolean {
  const sentence = (text.trim().split(/[\n.!?]/)[0] ?? '').toLowerCase().replace(/["'’]/g, '').trim();
  return unsubscribeSentence.test(sentence);
}
