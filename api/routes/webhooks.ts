import type { FastifyRequest } from 'fastify';
import { takeCallScript } from '../../store/touches/call-scripts';
import type { Api } from '../api';
import type { ApiDeps, WebhookParser, WebhookParsers, WebhookRequest } from '../ports';
import { Problem } from '../problem';
import { signalSoon } from '../signal-soon';

/** Mails may carry attachments. */
const mailLimit = 25 * 1024 * 1024;

/**
 * What providers tell us. Each request proves where it comes from by its raw bytes; its events are stored and applied
 * before the 200 (TRUTH-5), and workflows hear of them without the provider waiting.
 */
export function webhookRoutes(api: Api, deps: ApiDeps): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const receive = async (request: FastifyRequest, parse: WebhookParser): Promise<void> => {
    const events = await parse(await rawRequest(request, deps));
    try {
      if (events.length > 0) await deps.events.recordEvents(events);
    } catch (error) {
      // Not stored, so not acknowledged: providers that retry will.
      request.log.error({ err: error }, 'events were not stored');
      throw new Problem('unavailable', 'The event was not stored. Send it again.', [], { 'retry-after': '10' });
    }
    signalSoon(deps);
  };

  const hook = (path: string, parser: keyof Omit<WebhookParsers, 'twilioScript'>, bodyLimit?: number): void => {
    const options = { schema: { hide: true }, ...(bodyLimit === undefined ? {} : { bodyLimit }) };
    api.post(path, options, async (request, reply) => {
      await receive(request, deps.webhooks[parser]);
      return reply.code(200).send({ received: true });
    });
  };
  hook('/webhooks/salesforge/:secret', 'salesforge');
  hook('/webhooks/unipile', 'unipile');
  hook('/webhooks/clicksend/:secret/inbound', 'clicksendInbound');
  hook('/webhooks/clicksend/:secret/receipts', 'clicksendReceipts');
  hook('/webhooks/mail/:secret', 'mail', mailLimit);

  voiceRoutes(api, deps, receive);
}

/** Twilio's requests are answered in TwiML. */
function voiceRoutes(
  api: Api,
  deps: ApiDeps,
  receive: (request: FastifyRequest, parse: WebhookParser) => Promise<void>,
): void {
  const { webhooks, voice, database, config } = deps;
  const options = { schema: { hide: true } };

  api.post('/webhooks/twilio/voice/twiml', options, async (request, reply) => {
    const { touchId, callSid } = webhooks.twilioScript(await rawRequest(request, deps));
    const words = touchId === null || callSid === '' ? null : await takeCallScript(database, touchId, callSid);
    const gatherUrl = `${config.publicBaseUrl}/webhooks/twilio/voice/gather?touchId=${touchId ?? ''}`;
    return reply.type('text/xml').send(words === null ? voice.hangUp() : voice.script(words, gatherUrl));
  });

  for (const [path, parser] of [
    ['status', 'twilioStatus'],
    ['gather', 'twilioGather'],
    ['inbound', 'twilioInbound'],
  ] as const) {
    api.post(`/webhooks/twilio/voice/${path}`, options, async (request, reply) => {
      await receive(request, webhooks[parser]);
      return reply.type('text/xml').send(voice.hangUp());
    });
  }
}

async function rawRequest(request: FastifyRequest, { config, clock }: ApiDeps): Promise<WebhookRequest> {
  const { secret = '' } = request.params as { secret?: string };
  return {
    headers: request.headers,
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    url: `${config.publicBaseUrl}${request.url}`,
    secret,
    receivedAt: await clock.now(),
  };
}
