import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Request } from '../arrivals';
import type { Operation } from '../witness';
import { providerId } from '../people';
import type { ProviderContext } from '../provider';
import { errors, type UnipileError } from './errors';
import type { LinkedInNetwork } from './network';
import { invitationItem, messageItem, profile, relationItem, slice } from './resources';
import type { Throttles } from './throttles';

type Fields = Record<string, unknown>;
type Query = Record<string, string | undefined>;

/** What a request is about, as far as it says so. */
interface SeenFields {
  seat: string | undefined;
  recipient: string | null | undefined;
  detail?: Record<string, unknown>;
}

/** Unipile's LinkedIn API, v1: profiles, invitations, chats, relations. */
type Context = ProviderContext<'unipileApiKey'>;

export function unipileApi(context: Context, network: LinkedInNetwork, throttles: Throttles): FastifyPluginAsync {
  const routes = new UnipileRoutes(context, network, throttles);
  return (app) => {
    acceptMultipart(app);
    app.get('/accounts', (request, reply) => routes.accounts(request, reply));
    app.get('/users/relations', (request, reply) => routes.relations(request, reply));
    app.get('/users/invite/sent', (request, reply) => routes.sentInvitations(request, reply));
    app.get('/users/:identifier', (request, reply) => routes.user(request, reply));
    app.post('/users/invite', (request, reply) => routes.invite(request, reply));
    app.post('/chats', (request, reply) => routes.startChat(request, reply));
    app.get('/chat_attendees/:attendee/messages', (request, reply) => routes.messages(request, reply));
    return Promise.resolve();
  };
}

class UnipileRoutes {
  constructor(
    private readonly context: Context,
    private readonly network: LinkedInNetwork,
    private readonly throttles: Throttles,
  ) {}

  /** A look at the account: no request that the outbox lists. */
  accounts(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const problem = this.keyProblem(request);
    if (problem) return reply.code(problem.status).send(problem);
    const items = this.context.resources.linkedinSeats.map((id) => ({ object: 'Account', type: 'LINKEDIN', id }));
    return reply.send({ object: 'AccountList', items, cursor: null });
  }

  async user(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { identifier } = request.params as { identifier: string };
    const query = request.query as Query;
    const person = this.context.people.byLinkedIn(identifier);
    const isView = query['notify'] === 'true';
    const recipient = person?.linkedinUrl ?? identifier;
    const seen = this.seen(request, isView ? 'view' : 'lookup', { seat: query['account_id'], recipient });
    const problem = this.accountProblem(request, query['account_id']) ?? (person ? null : errors.invalidRecipient);
    if (problem || !person) return this.refuse(reply, seen, problem ?? errors.invalidRecipient);
    await this.context.arrivals.accept(seen);
    return reply.send(profile(person, query['account_id'] ?? '', this.network));
  }

  async invite(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const fields = fieldsOf(request);
    const [seat, message, memberId] = [
      text(fields, 'account_id'),
      text(fields, 'message'),
      text(fields, 'provider_id'),
    ];
    const profileUrl = this.context.people.byLinkedIn(memberId ?? '')?.linkedinUrl ?? null;
    const seen = this.seen(request, 'invite', {
      seat,
      recipient: profileUrl ?? memberId,
      detail: { text: message ?? '' },
    });
    const problem = this.accountProblem(request, seat) ?? this.invitationProblem(seat, memberId, profileUrl, message);
    if (problem || !profileUrl || !seat) return this.refuse(reply, seen, problem ?? errors.invalidRecipient);
    if (await this.isThrottled(reply, seen, seat)) return reply;
    const reference = invitationId();
    await this.context.arrivals.accept({ ...seen, detail: { reference, ...seen.detail } }, (at) =>
      this.network.invite({ id: reference, seat, profileUrl, text: message ?? '', at }),
    );
    return reply.code(201).send({ object: 'UserInvitationSent', invitation_id: reference, usage: 0 });
  }

  private invitationProblem(
    seat: string | undefined,
    memberId: string | undefined,
    profileUrl: string | null,
    message = '',
  ): UnipileError | null {
    const { network } = this;
    if (!memberId) return errors.invalidParameters('provider_id is required');
    if (message.length > 300) return errors.tooManyCharacters;
    if (!profileUrl || memberId !== providerId(profileUrl)) return errors.invalidRecipient;
    if (network.isConnected(seat ?? '', profileUrl)) return errors.alreadyConnected;
    return network.isPending(seat ?? '', profileUrl) ? errors.alreadyInvited : null;
  }

  async startChat(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const fields = fieldsOf(request);
    const [seat, attendee] = [text(fields, 'account_id'), text(fields, 'attendees_ids')];
    // A form's lines end in CRLF, whatever was put into it.
    const message = text(fields, 'text')?.replaceAll('\r\n', '\n');
    const profileUrl = this.context.people.byLinkedIn(attendee ?? '')?.linkedinUrl ?? null;
    const seen = this.seen(request, 'message', {
      seat,
      recipient: profileUrl ?? attendee,
      detail: { text: message ?? '' },
    });
    const problem = this.accountProblem(request, seat) ?? this.chatProblem(seat, profileUrl, message);
    if (problem || !profileUrl || !seat) return this.refuse(reply, seen, problem ?? errors.invalidRecipient);
    if (await this.isThrottled(reply, seen, seat)) return reply;
    const reference = randomBytes(11).toString('base64url');
    await this.context.arrivals.accept({ ...seen, detail: { reference, ...seen.detail } }, (at) =>
      this.network.write({ id: reference, seat, profileUrl, text: message ?? '', at }),
    );
    return reply.code(201).send({ object: 'ChatStarted', chat_id: `chat_${reference}`, message_id: reference });
  }

  private chatProblem(seat: string | undefined, profileUrl: string | null, message?: string): UnipileError | null {
    if (!message) return errors.invalidParameters('text is required');
    if (!profileUrl) return errors.invalidRecipient;
    return this.network.isConnected(seat ?? '', profileUrl) ? null : errors.notConnected;
  }

  /** A send that is refused because LinkedIn throttles the seat is answered here. */
  private async isThrottled(reply: FastifyReply, seen: Request, seat: string): Promise<boolean> {
    const throttle = this.throttles.refusal(seat);
    if (throttle === null) {
      this.throttles.taken(seat);
      return false;
    }
    if (throttle.retryAfterSeconds !== undefined) reply.header('retry-after', throttle.retryAfterSeconds);
    await this.refuse(reply, seen, errors.throttled[throttle.error]);
    return true;
  }

  async messages(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { network } = this;
    const { attendee } = request.params as { attendee: string };
    const profileUrl = this.context.people.byLinkedIn(attendee)?.linkedinUrl ?? '';
    return this.list(request, reply, 'MessageList', (seat) => network.messages(seat, profileUrl).map(messageItem));
  }

  async sentInvitations(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { network } = this;
    const { people } = this.context;
    return this.list(request, reply, 'InvitationList', (seat) =>
      network.pending(seat).map((sent) => invitationItem(sent, people.byLinkedIn(sent.profileUrl))),
    );
  }

  async relations(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { network } = this;
    const { people } = this.context;
    return this.list(request, reply, 'UserRelationsList', (seat) =>
      network.relations(seat).map((relation) => relationItem(relation, people.byLinkedIn(relation.profileUrl))),
    );
  }

  private async list(
    request: FastifyRequest,
    reply: FastifyReply,
    object: string,
    itemsOf: (seat: string) => Fields[],
  ): Promise<FastifyReply> {
    const query = request.query as Query;
    const seat = query['account_id'];
    const seen = this.seen(request, 'lookup', { seat, recipient: null, detail: { list: object } });
    const problem = this.accountProblem(request, seat);
    if (problem) return this.refuse(reply, seen, problem);
    await this.context.arrivals.accept(seen);
    return reply.send({ object, ...slice(itemsOf(seat ?? ''), query['cursor'], query['limit']) });
  }

  private accountProblem(request: FastifyRequest, seat: string | undefined): UnipileError | null {
    const problem = this.keyProblem(request);
    if (problem) return problem;
    if (!seat) return errors.invalidParameters('account_id is required');
    return this.context.resources.linkedinSeats.includes(seat) ? null : errors.accountNotFound;
  }

  private keyProblem(request: FastifyRequest): UnipileError | null {
    const key = request.headers['x-api-key'];
    if (!key) return errors.missingCredentials;
    return key === this.context.secrets.unipileApiKey ? null : errors.invalidCredentials;
  }

  private seen(request: FastifyRequest, operation: Operation, { seat, recipient, detail = {} }: SeenFields): Request {
    const touchId = request.headers['x-touch-id'];
    return {
      provider: 'unipile',
      operation,
      resource: seat ?? null,
      recipient: recipient ?? null,
      detail,
      touchId: typeof touchId === 'string' ? touchId : null,
    };
  }

  private async refuse(reply: FastifyReply, seen: Request, error: UnipileError): Promise<FastifyReply> {
    await this.context.arrivals.reject(seen, error.type);
    return reply.code(error.status).send(error);
  }
}

function invitationId(): string {
  return `7${randomBytes(8).readBigUInt64BE().toString().padStart(18, '0').slice(0, 18)}`;
}

/** Chats are started by multipart forms; Node's own Response reads them. */
function acceptMultipart(app: FastifyInstance): void {
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      const contentType = request.headers['content-type'] ?? '';
      const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
      return Object.fromEntries(form.entries());
    },
  );
}

function fieldsOf(request: FastifyRequest): Fields {
  return typeof request.body === 'object' && request.body !== null ? (request.body as Fields) : {};
}

function text(fields: Fields, name: string): string | undefined {
  const value: unknown = Array.isArray(fields[name]) ? (fields[name] as unknown[])[0] : fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
