import { looksAutomatic } from '../../../providers/reading/automatic-reply';

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
