import VoiceResponse from 'twilio/lib/twiml/VoiceResponse';

/** What the keys mean, said after the script. Digit 1 is a reply; 9 is an unsubscribe (SEQ-5). */
const keyMenu = 'To talk to us, press 1. If you do not want to be called again, press 9.';

/** How long we wait for a key, in seconds. */
const keySeconds = 6;

/** The TwiML of a call: the script, then the keys, one of which ends at `gatherUrl`. A key may be pressed at any time. */
export function callScript(script: string, gatherUrl: string): string {
  const response = new VoiceResponse();
  const gather = response.gather({
    action: gatherUrl,
    method: 'POST',
    numDigits: 1,
    timeout: keySeconds,
    input: ['dtmf'],
  });
  gather.say(script);
  gather.pause({ length: 1 });
  gather.say(keyMenu);
  response.hangup();
  return response.toString();
}

/** The TwiML for any call but the touch's own first one, and after a key: nothing more is said. */
export function hangUp(): string {
  const response = new VoiceResponse();
  response.hangup();
  return response.toString();
}
