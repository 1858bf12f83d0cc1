import { isStopMessage, isUnsubscribeReply } from '../../../providers/reading/opt-out-words';

describe('opting out in words (SEQ-5)', () => {
  it.each([
    'STOP',
    'stop.',
    ' Stop! ',
    'S.T.O.P',
    'Unsubscribe',
    'END',
    'quit',
    'Cancel',
    'opt-out',
    'Opt out',
    'STOPALL',
    'stop texting me please',
    'Stop, thanks',
  ])('text message: %s', (text) => expect(isStopMessage(text)).toBe(true));
  it.each([
    'Please do not stop now, tell me more',
    'End of month suits me',
    'Who is this?',
    'non-stop',
    '',
    'We cancel on Friday',
  ])('text message that is a reply: %s', (text) => expect(isStopMessage(text)).toBe(false));
  it.each([
    'unsubscribe',
    'Please unsubscribe me.',
    'Remove me from your list',
    'STOP',
    'Stop emailing me',
    'take me off this list, thanks',
    'Please remove me.\n\nJane',
  ])('mail: %s', (text) => expect(isUnsubscribeReply(text)).toBe(true));
  it.each(['Not interested', 'Stop by next week and we talk.', 'How do I unsubscribe my old supplier?', ''])(
    'mail that is a reply: %s',
    (text) => expect(isUnsubscribeReply(text)).toBe(false),
  );
});
