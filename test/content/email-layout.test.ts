import type { EmailLayout } from '../../activities/content/email-layout';
import { layOutEmail } from '../../activities/content/email-layout';

const layout: EmailLayout = {
  content: { subject: 'Crew rosters at Acme', body: 'Hello Jane,\n\nis it worth a short talk?' },
  senderName: 'Anna Bell',
  clientName: 'Growth Co',
  website: 'https://growth.example',
  postalAddress: '1 Example Street\nSydney NSW 2000\nAustralia',
  unsubscribeUrl: 'https://engine.example/u/token-1',
  thread: null,
};

it('ends with signature, visible opt-out and postal address', () => {
  expect(layOutEmail(layout)).toEqual({
    subject: 'Crew rosters at Acme',
    text: `Hello Jane,

is it worth a short talk?

Anna Bell
Growth Co
https://growth.example

If you would rather not hear from us again, unsubscribe here: https://engine.example/u/token-1
Growth Co, 1 Example Street, Sydney NSW 2000, Australia
`,
    references: [],
  });
});

it('needs neither person, website nor address', () => {
  const { text } = layOutEmail({ ...layout, senderName: null, website: null, postalAddress: null });
  expect(text).toMatch(/talk\?\n\nGrowth Co\n\nIf you would .*token-1\n$/);
});

it('does not sign twice', () => {
  const content = { ...layout.content, body: `${layout.content.body}\n\nAnna Bell\nGrowth Co` };
  const { text } = layOutEmail({ ...layout, content, postalAddress: null });
  expect(text.match(/Anna Bell/g)).toHaveLength(1);
  expect(text.match(/Growth Co/g)).toHaveLength(1);
});

it.each([
  ['Crew rosters at Acme', 'Re: Crew rosters at Acme'],
  ['Re: Crew rosters at Acme', 'Re: Crew rosters at Acme'],
])('continues the thread "%s" (SEQ-9)', (subject, expected) => {
  const thread = { subject, messageIds: ['one@growth.example', 'two@growth.example'] };
  const email = layOutEmail({ ...layout, content: { ...layout.content, subject: 'Something new' }, thread });
  expect(email.subject).toBe(expected);
  expect(email.references).toEqual(['one@growth.example', 'two@growth.example']);
});
