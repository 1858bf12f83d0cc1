import { randomBytes } from 'node:crypto';
import { seconds } from '../durations';
import type { SimulatedProvider } from '../provider';
import { anySecret } from '../secret';
import { twilioApi } from './api';
import { createCallLog } from './call-log';
import { twilioRequests } from './requests';

/** The telephone network. It repeats a failed request once. */
export const simulatedTwilio: SimulatedProvider<'twilioAccountSid' | 'twilioAuthToken'> = {
  name: 'twilio',
  account: {
    secrets: { twilioAccountSid: () => `AC${randomBytes(16).toString('hex')}`, twilioAuthToken: anySecret },
    variables: ({ twilioAccountSid, twilioAuthToken }, { httpUrl }) => ({
      TWILIO_BASE_URL: httpUrl,
      TWILIO_ACCOUNT_SID: twilioAccountSid,
      TWILIO_AUTH_TOKEN: twilioAuthToken,
    }),
  },
  tells: ({ provider, channel }) => provider === 'twilio' && channel === 'voice',
  pauses: [seconds(5)],
  open(context) {
    const calls = createCallLog();
    return {
      http: { prefix: '/2010-04-01', api: twilioApi(context, calls) },
      requests: (delivery, event) =>
        delivery.provider === 'twilio' && delivery.channel === 'voice'
          ? twilioRequests(delivery, event, { calls, secrets: context.secrets })
          : [],
      recall(entry, reference) {
        if (entry.operation === 'call') {
          calls.create(reference, entry.resource ?? '', entry.recipient ?? '', new Date(entry.at));
        }
      },
      recallEvent({ event, at, detail }) {
        if (event !== 'callCompleted' || !detail) return;
        const { callSid, status, duration } = detail as { callSid: string; status: string; duration: number };
        calls.progress(callSid, { status, now: new Date(at), duration, answeredBy: null });
      },
    };
  },
};
