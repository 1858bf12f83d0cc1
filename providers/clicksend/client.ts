import type { HttpAnswer } from '../http-exchange';
import {
  asRecord,
  isRecord,
  notReached,
  notTheProvider,
  retryAfterSeconds,
  sendTimeoutMs,
  textField,
} from '../http-exchange';
import { signOf, signOfLifeMs, type SignOfLife } from '../manifest';
import type { Outside } from '../outside';
import type { ChannelSender, FindOutcome, Permit, SendOutcome, SmsRequest } from '../ports';

export interface ClickSendSettings {
  /** `https://rest.clicksend.com`, or a simulator's; without `/v3`. */
  baseUrl: string;
  username: string;
  apiKey: string;
  /** Total bound of one request in milliseconds. */
  timeoutMs?: number;
}

/** What a message's own status says when it is not SUCCESS; any other is the recipient's or the text's. */
const statuses: Readonly<Record<string, 'later' | 'resource'>> = {
  INSUFFICIENT_CREDIT: 'resource',
  INVALID_SENDER_ID: 'resource',
  INVALID_CREDENTIALS: 'resource',
  ACCOUNT_NOT_ACTIVATED: 'resource',
  THROTTLED: 'later',
};

/** How much of the history is read before giving up. */
const pageSize = 100;
const pagesRead = 50;
/** The part of the history that a message is looked for in, around its claim. */
const historySeconds = { before: 3_600, after: 3 * 3_600 } as const;

/** Sends SMS through ClickSend, API v3, by plain HTTP: its own client depends on a dead library. */
export function clickSendSender(
  settings: ClickSendSettings,
  { exchange }: Pick<Outside, 'exchange'>,
): ChannelSender<SmsRequest> {
  const { api, authorization } = account(settings);
  const timeoutMs = settings.timeoutMs ?? sendTimeoutMs;

  return {
    async send(request: SmsRequest, permit: Permit): Promise<SendOutcome> {
      const message = {
        to: request.to,
        from: request.from,
        body: request.text,
        source: 'sdk',
        custom_string: request.touchId,
        ...(request.country ? { country: request.country } : {}),
      };
      const answer = await exchange({
        method: 'POST',
        url: `${api}/sms/send`,
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ messages: [message] }),
        timeoutMs,
        permit,
      });
      return smsOutcome(answer);
    },

    listing: { listingDelayMs: 30 * 60_000, horizonMs: 48 * 3_600_000 },

    /** Looks for our custom_string in the history of the hours around, as its dates are whole seconds of its own clock. */
    async find({ touchId, to }: SmsRequest, since: Date): Promise<FindOutcome> {
      const at = Math.floor(since.getTime() / 1000);
      const query = `date_from=${at - historySeconds.before}&date_to=${at + historySeconds.after}&limit=${pageSize}`;
      for (let page = 1; page <= pagesRead; page++) {
        const url = `${api}/sms/history?${query}&page=${page}`;
        const answer = await exchange({ method: 'GET', url, headers: { authorization }, timeoutMs });
        if (answer.kind !== 'answered' || answer.status !== 200) return 'unknown';
        const history = asRecord(asRecord(answer.body)['data']);
        if (!Array.isArray(history['data'])) return 'unknown';
        const messages = history['data'].map(asRecord);
        if (messages.some((message) => message['custom_string'] === touchId)) return 'found';
        // One to this person that carries no string of anybody's may be ours.
        if (messages.some((message) => message['to'] === to && textField(message, 'custom_string') === null))
          return 'unknown';
        const lastPage = Number(history['last_page'] ?? NaN);
        if (page >= lastPage) return 'absent';
        if (Number.isNaN(lastPage)) return messages.length < pageSize ? 'absent' : 'unknown';
      }
      return 'unknown';
    },
  };
}

/** Reads the account: the cheapest request that needs the credentials. */
export async function clickSendSign(settings: ClickSendSettings, { exchange }: Outside): Promise<SignOfLife> {
  const { api, authorization } = account(settings);
  return signOf(
    await exchange({ method: 'GET', url: `${api}/account`, headers: { authorization }, timeoutMs: signOfLifeMs }),
  );
}

function account({ baseUrl, username, apiKey }: ClickSendSettings): { api: string; authorization: string } {
  return {
    api: `${baseUrl.replace(/\/$/, '')}/v3`,
    authorization: `Basic ${Buffer.from(`${username}:${apiKey}`).toString('base64')}`,
  };
}

/** HTTP 200 can hide a failed message: the truth is the message's own status. */
function smsOutcome(answer: HttpAnswer): SendOutcome {
  if (answer.kind === 'notConnected') return notReached(answer.error);
  if (answer.kind === 'lost') return { kind: 'unknown', error: answer.error };
  const { status } = answer;
  if (status === 429) {
    const seconds = retryAfterSeconds(answer.headers);
    return { kind: 'rejected', retry: 'later', error: 'rate_limited', retryAfterSeconds: seconds };
  }
  if (status >= 400 && status < 500 && status !== 408 && !isRecord(answer.body)) return notTheProvider;
  // 404 is about the API's own URL: a message names nothing else that could be missing.
  if (status === 401 || status === 403 || status === 404)
    return { kind: 'rejected', retry: 'resource', error: 'authentication_failed' };
  if (status >= 400 && status < 500 && status !== 408) return { kind: 'rejected', retry: 'never', error: 'refused' };
  if (status !== 200) return { kind: 'unknown', error: `http_${status}` };
  return messageOutcome(answer.body);
}

function messageOutcome(body: unknown): SendOutcome {
  const messages = asRecord(asRecord(body)['data'])['messages'];
  const message = asRecord(Array.isArray(messages) ? messages[0] : null);
  const status = textField(message, 'status');
  if (status === null) return { kind: 'unknown', error: 'malformed_answer' };
  if (status === 'SUCCESS') return { kind: 'accepted', reference: textField(message, 'message_id') };
  const error = /^[A-Z_]{1,40}$/.test(status) ? status.toLowerCase() : 'refused';
  return { kind: 'rejected', retry: statuses[status] ?? 'never', error };
}
