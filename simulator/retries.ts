import type { Delivery } from './delivery';
import { hours, minutes, seconds } from './durations';
import type { PlannedReaction } from './workflows/reaction-input';

/**
 * How often and after which pauses each sender of events tries again when the engine answers 5xx or not at all.
 * Salesforge does not; Unipile does five times, Twilio once. The mail pipe and ClickSend are assumed to be patient.
 */
const pauses = {
  salesforge: [],
  mail: [minutes(1), minutes(5), minutes(30), hours(2), hours(6)],
  unsubscribeLink: [seconds(30), minutes(10), hours(1)],
  twilio: [seconds(5)],
  unipile: [seconds(10), minutes(1), minutes(10), hours(1), hours(6)],
  clicksend: [minutes(1), minutes(5), minutes(30)],
} as const;

/** Adds the repetitions that the event's sender would make. */
export function withRetries(delivery: Delivery): (reaction: PlannedReaction) => PlannedReaction {
  return (reaction) => ({ ...reaction, retryAfterMs: [...pauses[senderOf(delivery, reaction)]] });
}

function senderOf(delivery: Delivery, { kind }: PlannedReaction): keyof typeof pauses {
  switch (delivery.channel) {
    case 'email':
      if (kind === 'unsubscribe') return 'unsubscribeLink';
      return kind === 'ooo' || kind === 'softBounce' || kind === 'complaint' ? 'mail' : 'salesforge';
    case 'voice':
      return 'twilio';
    case 'linkedin':
      return 'unipile';
    case 'sms':
      return 'clicksend';
  }
}
