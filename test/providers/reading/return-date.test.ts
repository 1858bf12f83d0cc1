import { statedReturnDate } from '../../../providers/reading/return-date';

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
    ['back 16-Mar-2026', '2026-03-16'],
    ['back 16-03-2026', '2026-03-16'],
    ['back on Weds 11th March', '2026-03-11'],
    ['back on 16th', '2026-03-16'],
    ['I am back in 5 days', '2026-03-08'],
    ['I return in a week', '2026-03-10'],
    ['back in about two weeks', '2026-03-17'],
    ['back in one month', '2026-04-03'],
    ['until Fri', '2026-03-06'],
    ['back Tues.', '2026-03-10'],
    ['returning Saturday', '2026-03-07'],
    ['back at 9.30 tomorrow', '2026-03-04'],
    ['I return calls 24/7 from 16 March', '2026-03-16'],
    ['until and including 15 March', '2026-03-16'],
    ['until 15 March inclusive', '2026-03-16'],
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
    'back at 9.30',
    'back by 10.11 am',
    'I return calls 24/7',
    'back in 5-7 hours',
    'I come back from the sun, having sat there.',
    'back to normal this month',
  ])('none in: %s', (text) => {
    expect(statedReturnDate(text, receivedAt)).toBeNull();
  });
  it('counts over the turn of the year', () => {
    expect(statedReturnDate('back on 5 January', new Date('2026-12-20T00:00:00Z'))).toBe('2027-01-05');
  });
});
