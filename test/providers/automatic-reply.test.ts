import { looksAutomatic } from '../../providers/automatic-reply';
import { isStopMessage, isUnsubscribeReply } from '../../providers/opt-out-words';
import { statedReturnDate } from '../../providers/return-date';

describe('an automatic reply by its words (SEQ-3)', () => {
  it.each([
    ['Automatic reply: Crew rosters', 'Thank you.'],
    ['Out of Office: Crew rosters', ''],
    ['Re: Crew rosters', 'I am out of the office until 16 March 2026. For urgent matters write to desk@acme.example.'],
    ['Re: Crew rosters', '<p>Hello,</p><p>I&#39;m currently on annual leave with limited access to email.</p>'],
    ['Re: Crew rosters', 'This is an automatically generated response. Do you need help? Call the desk.'],
    [null, "Hi! I'm on parental leave, back in the office on 4 May."],
    ['Re: x', 'I will be away from my desk until Monday.\n\nOn Mon, 2 Mar 2026, Anna wrote:\n> are you interested?'],
  ])('%s / %s', (subject, content) => {
    expect(looksAutomatic(subject, content)).toBe(true);
  });

  it.each([
    ['Re: Crew rosters', 'Sounds good, call me on Monday.'],
    ['Re: Crew rosters', "I'm out of the office this week, can you call next Tuesday?"],
    ['Re: Crew rosters', 'Not interested. I am on leave anyway.'],
    ['Re: Out of office cover for Acme', 'Thanks, we have somebody.'],
    ['Re: Crew rosters', 'No thanks.\n\nOn Mon, 2 Mar 2026, Anna wrote:\n> I know you were on vacation.'],
    ['Re: Crew rosters', ''],
  ])('a person: %s / %s', (subject, content) => {
    expect(looksAutomatic(subject, content)).toBe(false);
  });
});

describe('the stated date of return', () => {
  // A Tuesday.
  const receivedAt = new Date('2026-03-03T01:00:00Z');
  it.each([
    ['I will be back on 16 March 2026.', '2026-03-16'],
    ['I return on March 16.', '2026-03-16'],
    ['Out of office until 16/03/2026', '2026-03-16'],
    ['I am away until 16.03.2026.', '2026-03-16'],
    ['Away until 03/16/2026, thanks', '2026-03-16'],
    ['Away until 4/5', '2026-05-04'],
    ['back 2026-03-16', '2026-03-16'],
    ['returning Monday, March 16th, 2026', '2026-03-16'],
    ['I am away from 2 March until Monday the 16th of March.', '2026-03-16'],
    ['back in the office on Mon 16 Mar', '2026-03-16'],
    ['I will be returning to work on Mar. 16', '2026-03-16'],
    ['on leave through 15 March', '2026-03-16'],
    ['I am back on the 16th', '2026-03-16'],
    ['I am back on the 2nd', '2026-04-02'],
    ['back next Monday', '2026-03-09'],
    ['I return on Tuesday', '2026-03-10'],
    ['I will be back tomorrow', '2026-03-04'],
    ['Back on 10 March. If urgent, I return calls on 12 March.', '2026-03-12'],
    ['until\n16 March\n2026', '2026-03-16'],
    ['back today, 3 March 2026', '2026-03-03'],
  ])('%s', (text, date) => {
    expect(statedReturnDate(text, receivedAt)).toBe(date);
  });
  it.each([
    'I am out of the office.',
    'I was back on 20 February 2026.',
    'until 1 March',
    'until further notice. Our fair is on 16 March.',
    'until 31 February 2027',
    'On 16 March 2026 I start my holidays.',
    'back on 45/45/2026',
  ])('none in: %s', (text) => {
    expect(statedReturnDate(text, receivedAt)).toBeNull();
  });
  it('counts over the turn of the year', () => {
    expect(statedReturnDate('back on 5 January', new Date('2026-12-20T00:00:00Z'))).toBe('2027-01-05');
  });
});

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
