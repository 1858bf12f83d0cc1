/** Where Twilio calls us about calls. */
export const voicePaths = {
  twiml: '/webhooks/twilio/voice/twiml',
  status: '/webhooks/twilio/voice/status',
  gather: '/webhooks/twilio/voice/gather',
  inbound: '/webhooks/twilio/voice/inbound',
} as const;

/** The address that Twilio is told about one touch's call. Its signature covers the query. */
export function voiceUrl(publicBaseUrl: string, what: 'twiml' | 'status' | 'gather', touchId: string): string {
  return `${publicBaseUrl.replace(/\/$/, '')}${voicePaths[what]}?touchId=${encodeURIComponent(touchId)}`;
}

/** The touch id in such an address, as it came back: anyone may have written it. */
export const touchParameter = (url: string): string | null => new URL(url).searchParams.get('touchId');
