import { asRecord, sendTimeoutMs, textField } from '../http-exchange';
import { signOf, signOfLifeMs, type SignOfLife } from '../manifest';
import type { Outside } from '../outside';
import type { CallRequest, ChannelSender, FindOutcome, Permit, SendOutcome } from '../ports';
import { callOutcome } from './outcome';
import { voiceUrl } from './voice-urls';

export interface TwilioSettings {
  /** `https://api.twilio.com`, or a simulator's. */
  baseUrl: string;
  /** Begins with AC. */
  accountSid: string;
  authToken: string;
  /** Total bound of one request in milliseconds. */
  timeoutMs?: number;
}

/** Pages of the list that are read before giving up, 1,000 calls each. */
const pagesRead = 5;
/** Clocks of both sides may differ by so much, in milliseconds. */
const clockMarginMs = 60_000;
/** A call is created so soon after its claim, in milliseconds: less than two touches of a number are apart. */
const createdWithinMs = 110_000;

/** Places calls through Twilio, API 2010-04-01, by plain HTTP: its own client hides what an answer proves. */
export function twilioCaller(
  settings: TwilioSettings,
  { exchange, publicBaseUrl }: Pick<Outside, 'exchange' | 'publicBaseUrl'>,
): ChannelSender<CallRequest> {
  const { account, authorization } = accountOf(settings);
  const timeoutMs = settings.timeoutMs ?? sendTimeoutMs;
  const url = `${account}/Calls.json`;

  return {
    async send(request: CallRequest, permit: Permit): Promise<SendOutcome> {
      const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
      const body = callForm(request, publicBaseUrl).toString();
      return callOutcome(await exchange({ method: 'POST', url, headers, body, timeoutMs, permit }));
    },

    listing: { listingDelayMs: 15 * 60_000, horizonMs: 48 * 3_600_000 },

    /**
     * Twilio's list holds no reference of ours. But two touches of a number are two minutes apart (TIME-6), so a call to
     * this person that was created in these two minutes is the one. Calls that still wait in Twilio's queue are listed too.
     */
    async find({ from, to }: CallRequest, since: Date): Promise<FindOutcome> {
      const calls = await callsBetween(from, to);
      if (calls === null) return 'unknown';
      const created = calls.map((call) => Date.parse(textField(call, 'date_created', 'start_time') ?? ''));
      const earliest = since.getTime() - clockMarginMs;
      if (created.some((at) => at >= earliest && at < since.getTime() + createdWithinMs)) return 'found';
      return created.some(Number.isNaN) ? 'unknown' : 'absent';
    },
  };

  /** Every call that we made from a number to another; null: the list cannot be read to its end. */
  async function callsBetween(from: string, to: string): Promise<Record<string, unknown>[] | null> {
    const found: Record<string, unknown>[] = [];
    let next: string | null = `${url}?${new URLSearchParams({ To: to, From: from, PageSize: '1000' }).toString()}`;
    for (let page = 0; page < pagesRead; page += 1) {
      const answer = await exchange({ method: 'GET', url: next, headers: { authorization }, timeoutMs });
      const list = answer.kind === 'answered' && answer.status === 200 ? asRecord(answer.body) : {};
      if (!Array.isArray(list['calls'])) return null;
      const calls = list['calls'].map(asRecord);
      found.push(...calls.filter((call) => call['direction'] === 'outbound-api' && call['to'] === to));
      const path = textField(list, 'next_page_uri');
      if (path === null) return found;
      if (!path.startsWith('/')) return null;
      next = `${baseOf(settings)}${path}`;
    }
    return null;
  }
}

/** Reads the account: the cheapest request that needs the credentials. */
export async function twilioSign(settings: TwilioSettings, { exchange }: Outside): Promise<SignOfLife> {
  const { account, authorization } = accountOf(settings);
  const url = `${account}.json`;
  return signOf(await exchange({ method: 'GET', url, headers: { authorization }, timeoutMs: signOfLifeMs }));
}

function callForm(request: CallRequest, publicBaseUrl: string): URLSearchParams {
  const form = new URLSearchParams({
    To: request.to,
    From: request.from,
    Url: voiceUrl(publicBaseUrl, 'twiml', request.touchId),
    Method: 'POST',
    StatusCallback: voiceUrl(publicBaseUrl, 'status', request.touchId),
    StatusCallbackMethod: 'POST',
    TimeLimit: String(request.timeLimitSeconds),
    Timeout: String(request.ringSeconds),
  });
  for (const event of ['initiated', 'ringing', 'answered', 'completed']) form.append('StatusCallbackEvent', event);
  return form;
}

const baseOf = ({ baseUrl }: TwilioSettings): string => baseUrl.replace(/\/$/, '');

function accountOf(settings: TwilioSettings): { account: string; authorization: string } {
  const { accountSid, authToken } = settings;
  return {
    account: `${baseOf(settings)}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}`,
    authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
  };
}
