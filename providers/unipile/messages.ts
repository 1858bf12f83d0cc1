import type { FindOutcome, LinkedInMessage, Permit, SendOutcome } from '../ports';
import type { Ask } from './exchange';
import { personReference } from './invitations';
import { findInList } from './lists';
import { isDone, sendFailure } from './outcome';
import { lookUp } from './profile';

/** Writes to a connection. The look-up is none that the person sees. */
export async function sendMessage(ask: Ask, request: LinkedInMessage, permit: Permit): Promise<SendOutcome> {
  const { accountId, touchId, text } = request;
  const lookup = await lookUp(ask, request);
  if (lookup.kind === 'failed') return lookup.failure;
  const { providerId, connected } = lookup.profile;
  if (!connected) {
    return { kind: 'rejected', retry: 'later', error: 'not_connected', network: 'strangers', aboutTouch: true };
  }
  const form = new FormData();
  form.append('account_id', accountId);
  form.append('attendees_ids', providerId);
  form.append('text', text);
  const answer = await ask(touchId, '/chats', form, permit);
  return isDone(answer) ? { kind: 'accepted', reference: personReference(accountId, providerId) } : sendFailure(answer);
}

/** Clocks of both sides may differ by so much. In milliseconds. */
const clockMarginMs = 5 * 60_000;

/** Looks for a message of ours with these very words in what the two have written to each other since then. */
export async function findMessage(ask: Ask, request: LinkedInMessage, since: Date): Promise<FindOutcome> {
  const lookup = await lookUp(ask, request);
  if (lookup.kind === 'failed') return 'unknown';
  const attendee = encodeURIComponent(lookup.profile.providerId);
  const read = async (query: URLSearchParams) => {
    const answer = await ask(request.touchId, `/chat_attendees/${attendee}/messages?${query.toString()}`);
    return answer.kind === 'answered' ? answer : null;
  };
  const found = await findInList(read, request.accountId, (item) => isOurs(item, request.text, since));
  return typeof found === 'string' ? found : 'found';
}

function isOurs(item: Record<string, unknown>, text: string, since: Date): boolean {
  const bySeat = item['is_sender'] === 1 || item['is_sender'] === true;
  const at = Date.parse(String(item['timestamp']));
  return bySeat && sameWords(item['text'], text) && at >= since.getTime() - clockMarginMs;
}

/** LinkedIn may trim lines and change line breaks. */
function sameWords(said: unknown, text: string): boolean {
  const words = (value: string): string => value.split(/\s+/).filter(Boolean).join(' ');
  return typeof said === 'string' && words(said) === words(text);
}
