import { asRecord, sendTimeoutMs } from '../http-exchange';
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

    /**
     * Twilio's list holds no reference of ours, so a call is only found when it is the one call from this number to
     * this person since then. None listed proves nothing: queued calls have no start time yet.
     */
    async find({ from, to }: CallRequest, since: Date): Promise<FindOutcome> {
      const after = since.toISOString().replace(/\.\d+Z$/, 'Z');
      const query = new URLSearchParams({ To: to, From: from, 'StartTime>': after, PageSize: '20' });
      const list = { method: 'GET', url: `${url}?${query.toString()}`, headers: { authorization }, timeoutMs } as const;
      const answer = await exchange(list);
      if (answer.kind !== 'answered' || answer.status !== 200) return 'unknown';
      const calls = asRecord(answer.body)['calls'];
      if (!Array.isArray(calls)) return 'unknown';
      const ours = calls.map(asRecord).filter((call) => call['direction'] === 'outbound-api' && call['to'] === to);
      return ours.length === 1 ? 'found' : 'unknown';
    },
  };
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

function accountOf({ baseUrl, accountSid, authToken }: TwilioSettings): { account: string; authorization: string } {
  return {
    account: `${baseUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}`,
    authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
  };
}
