import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import { stableId } from '../chance';
import type { CallDelivery } from '../delivery';
import type { EventContext } from '../provider';
import { form, type OutgoingWebhook } from '../webhook-request';
import type { CallLog } from './call-log';

/** Twilio's requests about a call: status callbacks, the TwiML, a pressed key, and the prospect's own call back. */
export function twilioRequests(
  delivery: CallDelivery,
  event: EventContext,
  own: Pick<Context, 'calls' | 'secrets'>,
): OutgoingWebhook[] {
  const context = { ...event, ...own };
  switch (context.kind) {
    case 'callRings':
      return [...status(delivery, 'initiated', context), ...status(delivery, 'ringing', context)];
    case 'callAnswered':
      return [...status(delivery, 'answered', context), ...fetchTwiml(delivery, context)];
    case 'callEnds':
      return status(delivery, 'completed', context);
    case 'keyPressed':
      return [pressOne(delivery, context) ?? callBack(delivery, context)];
    default:
      return [callBack(delivery, context)];
  }
}

type Fields = Record<string, string>;

interface Context extends EventContext {
  calls: CallLog;
  secrets: { twilioAccountSid: string; twilioAuthToken: string };
}

type ProgressEvent = 'initiated' | 'ringing' | 'answered' | 'completed';

function status(delivery: CallDelivery, event: ProgressEvent, context: Context): OutgoingWebhook[] {
  const { facts, calls, now } = context;
  const callStatus = event === 'completed' ? String(facts['status']) : event === 'answered' ? 'in-progress' : event;
  const ended = event === 'completed';
  const duration = ended ? Number(facts['duration']) : null;
  calls.progress(delivery.callSid, { status: callStatus, now, duration, answeredBy: answeredBy(delivery, context) });
  if (!delivery.statusCallback || !delivery.statusCallbackEvents.includes(event)) return [];
  const fields: Fields = {
    ...callFields(delivery, context),
    CallStatus: callStatus,
    Timestamp: now.toUTCString().replace('GMT', '+0000'),
    CallbackSource: 'call-progress-events',
    SequenceNumber: String(['initiated', 'ringing', 'answered', 'completed'].indexOf(event)),
    ...(ended ? { CallDuration: String(duration), Duration: String(Math.ceil((duration ?? 0) / 60)) } : {}),
  };
  const request = signed(delivery.statusCallback, fields, context);
  const detail = { callSid: delivery.callSid, status: callStatus, duration, answeredBy: facts['answeredBy'] ?? null };
  return [ended ? { ...request, event: 'callCompleted', detail } : request];
}

/** Fetches the script and listens to it; remembers where a pressed key would go. */
function fetchTwiml(delivery: CallDelivery, context: Context): OutgoingWebhook[] {
  if (!delivery.url) return [];
  const fields = { ...callFields(delivery, context), CallStatus: 'in-progress' };
  const onAnswer = (twiml: string): void => {
    const action = /<Gather\b[^>]*\baction="([^"]+)"/.exec(twiml)?.[1]?.replaceAll('&amp;', '&');
    if (action && delivery.url) context.calls.gatherAt(delivery.callSid, new URL(action, delivery.url).href);
  };
  return [{ ...signed(delivery.url, fields, context), onAnswer }];
}

function pressOne(delivery: CallDelivery, context: Context): OutgoingWebhook | null {
  const action = context.calls.find(delivery.callSid)?.gatherUrl;
  if (!action) return null;
  const fields = { ...callFields(delivery, context), CallStatus: 'in-progress', Digits: '1', FinishedOnKey: '' };
  return { ...signed(action, fields, context), event: 'reply', detail: { digits: '1' } };
}

/** The prospect calls the number that called. */
function callBack(delivery: CallDelivery, context: Context): OutgoingWebhook {
  const fields: Fields = {
    ...callFields(delivery, context),
    CallSid: `CA${stableId(32, 'call back', delivery.callSid)}`,
    CallStatus: 'ringing',
    Direction: 'inbound',
    From: delivery.recipient,
    Caller: delivery.recipient,
    To: delivery.resource,
    Called: delivery.resource,
  };
  const request = signed(`${context.engineBaseUrl}/webhooks/twilio/voice/inbound`, fields, context);
  return { ...request, event: 'reply', detail: { callBack: true } };
}

function callFields(delivery: CallDelivery, context: Context): Fields {
  const by = answeredBy(delivery, context);
  return {
    AccountSid: context.secrets.twilioAccountSid,
    ApiVersion: '2010-04-01',
    CallSid: delivery.callSid,
    Direction: 'outbound-api',
    From: delivery.resource,
    Caller: delivery.resource,
    To: delivery.recipient,
    Called: delivery.recipient,
    ...(by ? { AnsweredBy: by } : {}),
  };
}

/** Twilio tells only when it was asked to listen for machines. */
function answeredBy(delivery: CallDelivery, { facts }: EventContext): string | null {
  return delivery.machineDetection && facts['answeredBy'] ? String(facts['answeredBy']) : null;
}

/** The signature covers the whole URL and the fields; the token is the same on a repetition. */
function signed(url: string, fields: Fields, context: Context): OutgoingWebhook {
  return {
    provider: 'twilio',
    event: null,
    url,
    headers: {
      ...form,
      'user-agent': 'TwilioProxy/1.1',
      'x-twilio-signature': getExpectedTwilioSignature(context.secrets.twilioAuthToken, url, fields),
      'i-twilio-idempotency-token': stableId(36, url, fields['CallSid'] ?? '', fields['CallStatus'] ?? ''),
    },
    body: new URLSearchParams(fields).toString(),
  };
}
