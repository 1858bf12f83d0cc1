import type { FastifyPluginAsync } from 'fastify';
import { hours, minutes, seconds } from '../durations';
import type { ProviderContext, SimulatedProvider } from '../provider';
import { anySecret } from '../secret';
import { unipileApi } from './api';
import { isUnipileEvent, unipileEvent } from './event';
import { createNetwork, type LinkedInNetwork } from './network';
import { createThrottles, throttleSchema, type Throttles } from './throttles';

/** LinkedIn. It repeats a failed delivery five times. */
export const simulatedUnipile: SimulatedProvider<'unipileApiKey' | 'unipileWebhook'> = {
  name: 'unipile',
  account: {
    secrets: { unipileApiKey: anySecret, unipileWebhook: anySecret },
    variables: ({ unipileApiKey, unipileWebhook }, { httpUrl }) => ({
      UNIPILE_BASE_URL: httpUrl,
      UNIPILE_API_KEY: unipileApiKey,
      UNIPILE_WEBHOOK_SECRET: unipileWebhook,
    }),
  },
  tells: ({ provider, channel }, kind) => provider === 'unipile' && channel === 'linkedin' && isUnipileEvent(kind),
  pauses: [seconds(10), minutes(1), minutes(10), hours(1), hours(6)],
  open(context) {
    const network = createNetwork();
    const throttles = createThrottles(context.linkedin.throttles);
    begin(network, context);
    return {
      http: { prefix: '/api/v1', api: unipileApi(context, network, throttles) },
      control: control(throttles),
      requests(delivery, event) {
        if (delivery.provider !== 'unipile' || delivery.channel !== 'linkedin' || !isUnipileEvent(event.kind))
          return [];
        if (event.kind === 'inviteAccepted') network.accept(delivery.recipient, event.now);
        return [unipileEvent(delivery, event.kind, context.secrets.unipileWebhook, event)];
      },
      recall({ operation, resource, recipient, detail, at }, id) {
        if (operation !== 'invite' && operation !== 'message') return;
        const text = typeof detail['text'] === 'string' ? detail['text'] : '';
        const sent = { id, seat: resource ?? '', profileUrl: recipient ?? '', text, at: new Date(at) };
        throttles.taken(sent.seat);
        if (operation === 'invite') network.invite(sent);
        else network.write(sent);
      },
      recallEvent({ event, recipient, at }) {
        if (event === 'inviteAccepted' && recipient) network.accept(recipient, new Date(at));
      },
    };
  },
};

/** Who is connected or invited when the run begins. */
function begin(network: LinkedInNetwork, { linkedin, people }: Pick<ProviderContext, 'linkedin' | 'people'>): void {
  const at = new Date(0);
  const profileOf = (person: string): string =>
    (people.byLinkedIn(person) ?? people.byEmail(person)).linkedinUrl ?? person;
  for (const { seat, person } of linkedin.connections) network.connect({ seat, profileUrl: profileOf(person), at });
  for (const { seat, person } of linkedin.invitations) {
    network.invite({ id: `before-${seat}-${person}`, seat, profileUrl: profileOf(person), text: '', at });
  }
}

/** POST /control/unipile/throttle: LinkedIn throttles a seat from now on. */
function control(throttles: Throttles): FastifyPluginAsync {
  return (app) => {
    app.post('/throttle', (request, reply) => {
      const parsed = throttleSchema.safeParse(request.body);
      if (!parsed.success) return reply.code(400).send({ error: parsed.error.issues.map((issue) => issue.message) });
      throttles.add(parsed.data);
      return reply.send(parsed.data);
    });
    return Promise.resolve();
  };
}
