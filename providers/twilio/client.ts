import twilio from 'twilio';
import { sendTimeoutMs } from '../http-exchange';
import type { Caller, CallRequest, FindOutcome, SendOutcome } from '../ports';
import { TwilioHttpClient } from './http-client';
import { callFailure } from './outcome';

export interface TwilioSettings {
  /** `https://api.twilio.com`, or a simulator's. */
  baseUrl: string;
  /** Begins with AC. */
  accountSid: string;
  authToken: string;
  /** Total bound of one request in milliseconds. */
  timeoutMs?: number;
}

/** LIM: the carrier hangs up after two minutes. In seconds. */
const callTimeLimitSeconds = 120;
/** How long the phone rings. In seconds. */
const ringSeconds = 25;

/** Where Twilio fetches the script of a touch's call, and where it reports the call. Its signature covers the query. */
export const callScriptUrl = (publicBaseUrl: string, touchId: string): string =>
  voiceUrl(publicBaseUrl, 'twiml', touchId);
export const callStatusUrl = (publicBaseUrl: string, touchId: string): string =>
  voiceUrl(publicBaseUrl, 'status', touchId);
export const callGatherUrl = (publicBaseUrl: string, touchId: string): string =>
  voiceUrl(publicBaseUrl, 'gather', touchId);

function voiceUrl(publicBaseUrl: string, what: string, touchId: string): string {
  return `${publicBaseUrl.replace(/\/$/, '')}/webhooks/twilio/voice/${what}?touchId=${encodeURIComponent(touchId)}`;
}

/** Places calls through Twilio. @throws Error when the account SID does not begin with AC. */
export function twilioCaller(settings: TwilioSettings, publicBaseUrl: string): Caller {
  const client = twilio(settings.accountSid, settings.authToken, {
    httpClient: new TwilioHttpClient(settings.baseUrl, settings.timeoutMs ?? sendTimeoutMs),
    autoRetry: false,
  });

  return {
    async call(request: CallRequest): Promise<SendOutcome> {
      try {
        const call = await client.calls.create({
          to: request.to,
          from: request.from,
          url: callScriptUrl(publicBaseUrl, request.touchId),
          method: 'POST',
          statusCallback: callStatusUrl(publicBaseUrl, request.touchId),
          statusCallbackMethod: 'POST',
          statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
          timeLimit: callTimeLimitSeconds,
          timeout: ringSeconds,
        });
        return { outcome: 'accepted', reference: call.sid ?? null };
      } catch (error) {
        return callFailure(error);
      }
    },

    /**
     * Twilio's list holds no reference of ours, so a call is only found when it is the one call from this number to
     * this person since then. None listed proves nothing: queued calls have no start time yet.
     */
    async find(request: CallRequest, since: Date): Promise<FindOutcome> {
      try {
        const calls = await client.calls.list({
          to: request.to,
          from: request.from,
          startTimeAfter: since,
          pageSize: 20,
          limit: 20,
        });
        const ours = calls.filter((call) => call.direction === 'outbound-api' && call.to === request.to);
        return ours.length === 1 ? 'found' : 'unknown';
      } catch {
        return 'unknown';
      }
    },
  };
}
