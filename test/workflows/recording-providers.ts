import { channelNamed, type Channel, type TouchForm } from '../../domain/channels';
import {
  leaseOver,
  type ChannelRequests,
  type FindOutcome,
  type Listing,
  type Permit,
  type Providers,
  type SendOutcome,
  type WritingTask,
} from '../../providers/ports';
import type { Clock } from '../../runtime/clock';
import type { Database } from '../../store/database';

/** What a provider was asked to send, and by which touch. */
export interface SendRequest {
  at: Date;
  clientId: string;
  touchId: string;
  enrollmentId: string;
  /** The lead's first name: tests name their leads after what happens to them. */
  lead: string;
  step: number;
  channel: Channel;
  /** Asked for the n-th time for this touch, from 1 on. */
  attempt: number;
  recipient: string;
  resource: string;
  text: string;
  /** LinkedIn only. */
  form?: 'invitation' | 'message';
  look?: boolean;
}

type SentFacts = Pick<SendRequest, 'recipient' | 'resource' | 'text' | 'form' | 'look'>;

export interface RecordedRequest extends SendRequest {
  /** crashed: the attempt ended without an answer. */
  outcome: SendOutcome['kind'] | 'crashed';
}

/** What the outside world does; everything is accepted, found by nobody and written unless said otherwise. */
export interface Behaviour {
  /** Happens between the claim and the first byte; an error thrown here is a crash before it. */
  beforeLeaving?: (request: { touchId: string; channel: Channel }) => void | Promise<void>;
  /** An error thrown here is a crash after the touch was handed over. */
  onSend?: (request: SendRequest) => SendOutcome | undefined | Promise<SendOutcome | undefined>;
  onFind?: (request: { touchId: string }) => FindOutcome | undefined | Promise<FindOutcome | undefined>;
  /** How far what is found can be trusted; nothing: not at all. */
  listing?: Listing;
  /** An answer for the writer to give instead of a good one; an error thrown here is the writer's. */
  onWrite?: (task: WritingTask & { lead: string; now: Date }) => unknown;
}

export interface RecordingProviders extends Providers {
  /** In order of time. */
  requests: RecordedRequest[];
}

export const accepted: SendOutcome = { kind: 'accepted', reference: null };

/** Providers that write down what they are asked, in the order in which they are asked. */
export function createRecordingProviders(
  database: Database,
  clock: Clock,
  behaviour: Behaviour = {},
): RecordingProviders {
  const requests: RecordedRequest[] = [];

  async function send(touchId: string, facts: SentFacts, permit: Permit): Promise<SendOutcome> {
    const touch = await database.touch.findUniqueOrThrow({
      where: { id: touchId },
      include: { enrollment: { include: { lead: true } } },
    });
    const { clientId, enrollmentId, step } = touch;
    const channel = channelNamed(touch.channel);
    await behaviour.beforeLeaving?.({ touchId, channel });
    if (!(await permit())) return { kind: 'rejected', retry: 'later', error: leaseOver };
    const lead = touch.enrollment.lead.firstName ?? '';
    const attempt = requests.filter((earlier) => earlier.touchId === touchId).length + 1;
    const request = { at: await clock.now(), clientId, touchId, enrollmentId, lead, step, channel, attempt, ...facts };
    const recorded: RecordedRequest = { ...request, outcome: 'crashed' };
    requests.push(recorded);
    const outcome = (await behaviour.onSend?.(request)) ?? accepted;
    recorded.outcome = outcome.kind;
    return outcome;
  }

  const find = async (request: { touchId: string }): Promise<FindOutcome> =>
    (await behaviour.onFind?.(request)) ?? 'unknown';

  return {
    requests,
    leadSources: [],
    enrichment: null,
    sender: (channel) => ({
      send: (request, permit) => send(request.touchId, factsOf[channel](request), permit),
      // SMTP cannot be asked, unless a test says how far its answer can be trusted.
      find: channel === 'email' && behaviour.listing === undefined ? () => Promise.resolve('unknown') : find,
      ...(behaviour.listing === undefined ? {} : { listing: behaviour.listing }),
    }),
    writer: {
      write: async (task) => {
        const lead = (task.data.lead as { firstName: string | null }).firstName ?? '';
        const instead = behaviour.onWrite?.({ ...task, lead, now: await clock.now() });
        const { form } = task.data.touch as { form: TouchForm };
        return { content: instead ?? goodTexts[form], model: 'model-of-tests', inputTokens: 300, outputTokens: 90 };
      },
    },
  };
}

/** Who is reached from where with which words, by channel. */
const factsOf: {
  [C in Channel]: (request: ChannelRequests[C]) => SentFacts;
} = {
  email: ({ to, from, text }) => ({ recipient: to, resource: from.address, text }),
  voice: ({ to, from }) => ({ recipient: to, resource: from, text: '' }),
  linkedin: (request) => ({
    recipient: request.profileUrl,
    resource: request.accountId,
    text: request.form === 'invitation' ? request.note : request.text,
    form: request.form,
    look: request.form === 'invitation' && request.look,
  }),
  sms: ({ to, from, text }) => ({ recipient: to, resource: from, text }),
};

const goodTexts: Record<TouchForm, unknown> = {
  email: { subject: 'A question about Acme', body: 'Hello,\n\nI would like to ask how Acme plans its next quarter.' },
  voice: { script: 'Hello, this is Anna. I would like to ask how Acme plans its next quarter.' },
  invitation: { note: 'I would like to hear how Acme plans its next quarter.' },
  message: { message: 'Hello Jane, how does Acme plan its next quarter? Anna' },
  sms: { text: 'Anna here, about Acme and its next quarter. Reply STOP to opt out' },
};
