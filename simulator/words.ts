import { pick } from './chance';
import type { Delivery } from './delivery';

const replies = [
  'Thanks for getting in touch. Can you send me a little more detail on how this works for a team like ours?',
  'Good timing, we were talking about this last week. Happy to have a chat.',
  'Not for us at the moment, but thank you for asking.',
  'I am not the right person for this. I have passed it on to a colleague.',
  'Interesting. What would a first step look like?',
  'We already have something in place, so no need to follow up.',
];

const shortReplies = [
  'Thanks, happy to talk. What does your week look like?',
  'Who is this please?',
  'Sounds useful, send me the details.',
  'Thanks, but we are all set for now.',
];

/** What a person answers, in words that no opt-out filter would take for a stop. */
export function replyText(delivery: Delivery, luck: number): string {
  const text = pick(delivery.channel === 'sms' ? shortReplies : replies, luck);
  const name = delivery.person?.firstName;
  return delivery.channel === 'email' && name ? `${text}\n\n${name}\n` : text;
}

/** 16 March 2026 */
export function writtenDate(date: Date): string {
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** An automatic reply; half of the people say when they are back. */
export function absenceText(returnDate: Date | null, luck: number): string {
  if (returnDate) {
    const back = pick(['I am back on', 'I will be back on'], luck);
    return `Thank you for your message. I am out of the office at the moment. ${back} ${writtenDate(returnDate)}.\n`;
  }
  return pick(
    [
      'Thank you for your email. I am currently out of the office with limited access to messages and will answer as soon as I can.\n',
      'I am away from my desk and reading mail only now and then. My team can help with anything urgent.\n',
    ],
    luck,
  );
}
