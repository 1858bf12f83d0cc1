import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Request } from '../arrivals';
import { internationalNumber } from '../people';
import { hasBasicAuth } from '../basic-auth';
import { isPhoneNumber } from '../phone-number';
import type { ProviderContext } from '../provider';

type Json = Record<string, unknown>;

/** ClickSend's SMS API, v3: send and history. A refused message hides in a 200, as at ClickSend. */
export function clickSendApi(context: ProviderContext<'clicksendUsername' | 'clicksendApiKey'>): FastifyPluginAsync {
  const { arrivals, resources, secrets } = context;
  const history: Json[] = [];

  function isAuthorized(request: FastifyRequest): boolean {
    return hasBasicAuth(request.headers.authorization, secrets.clicksendUsername, secrets.clicksendApiKey);
  }

  async function refuse(reply: FastifyReply, seen: Request, status: 400 | 401): Promise<FastifyReply> {
    const [code, message] =
      status === 401 ? ['UNAUTHORIZED', 'Authorization failed.'] : ['BAD_REQUEST', 'The messages field is required.'];
    await arrivals.reject(seen, code);
    return reply.code(status).send(envelope(status, code, message, null));
  }

  async function sendOne(message: Json): Promise<Json> {
    const seen = smsRequest(message);
    const status = statusOf(message, resources.phoneNumbers);
    const reference = randomUUID().toUpperCase();
    if (status !== 'SUCCESS') {
      await arrivals.reject(seen, status);
      return messageResource(message, status, reference, null);
    }
    let sent: Json = {};
    await arrivals.accept({ ...seen, detail: { reference, ...seen.detail } }, (at) => {
      sent = messageResource({ ...message, to: seen.recipient }, status, reference, at);
      history.push(sent);
    });
    return sent;
  }

  async function send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { messages } = (request.body ?? {}) as { messages?: Json[] };
    const first = smsRequest(Array.isArray(messages) ? (messages[0] ?? {}) : {});
    if (!isAuthorized(request)) return refuse(reply, first, 401);
    if (!Array.isArray(messages) || messages.length === 0) return refuse(reply, first, 400);
    const answers: Json[] = [];
    for (const message of messages) answers.push(await sendOne(message));
    const queued = answers.filter((answer) => answer['status'] === 'SUCCESS').length;
    const data = { total_price: queued * 0.08, total_count: answers.length, queued_count: queued, messages: answers };
    return reply.send(envelope(200, 'SUCCESS', 'Messages queued for delivery.', data));
  }

  async function showHistory(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const query = request.query as Record<string, string | undefined>;
    const seen: Request = { ...smsRequest({}), operation: 'lookup', detail: { query } };
    if (!isAuthorized(request)) return refuse(reply, seen, 401);
    await arrivals.accept(seen);
    const [from, to] = [Number(query['date_from'] ?? 0), Number(query['date_to'] ?? Infinity)];
    const found = history.filter((sms) => Number(sms['date']) >= from && Number(sms['date']) <= to);
    return reply.send(envelope(200, 'SUCCESS', 'Here is your history.', historyPage(found.reverse(), query)));
  }

  /** A look at the account: no request that the outbox lists. */
  function showAccount(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (isAuthorized(request)) return reply.send(envelope(200, 'SUCCESS', 'Here is your account.', { active: 1 }));
    return reply.code(401).send(envelope(401, 'UNAUTHORIZED', 'Authorization failed.', null));
  }

  return (app) => {
    app.get('/account', showAccount);
    app.post('/sms/send', send);
    app.get('/sms/history', showHistory);
    return Promise.resolve();
  };
}

function smsRequest(message: Json): Request {
  const number = internationalNumber(String(message['to'] ?? ''), String(message['country'] ?? ''));
  return {
    provider: 'clicksend',
    operation: 'sms',
    resource: text(message['from']),
    recipient: number ?? text(message['to']),
    touchId: text(message['custom_string']),
    detail: { text: text(message['body']) ?? '' },
  };
}

/** ClickSend's own words for what is wrong with one message. */
function statusOf(message: Json, ownNumbers: string[]): string {
  const number = internationalNumber(String(message['to'] ?? ''), String(message['country'] ?? ''));
  if (!number || !isPhoneNumber(number)) return 'INVALID_RECIPIENT';
  if (!text(message['body'])) return 'EMPTY_MESSAGE';
  return ownNumbers.includes(String(message['from'])) ? 'SUCCESS' : 'INVALID_SENDER_ID';
}

function messageResource(message: Json, status: string, id: string, at: Date | null): Json {
  const length = String(message['body'] ?? '').length;
  const parts = length <= 160 ? 1 : Math.ceil(length / 153);
  return {
    direction: 'out',
    date: at ? Math.floor(at.getTime() / 1_000) : null,
    to: message['to'],
    from: message['from'],
    body: message['body'],
    schedule: message['schedule'] ?? '',
    message_id: id,
    message_parts: parts,
    message_price: (parts * 0.08).toFixed(4),
    from_email: null,
    list_id: null,
    custom_string: message['custom_string'] ?? '',
    contact_id: null,
    user_id: 1,
    subaccount_id: 1,
    country: message['country'] ?? null,
    carrier: '',
    status,
  };
}

function historyPage(found: Json[], query: Record<string, string | undefined>): Json {
  const perPage = Math.min(100, Number(query['limit'] ?? 15));
  const page = Number(query['page'] ?? 1);
  const last = Math.max(1, Math.ceil(found.length / perPage));
  return {
    total: found.length,
    per_page: perPage,
    current_page: page,
    last_page: last,
    next_page_url: page < last ? `/?page=${page + 1}` : null,
    prev_page_url: page > 1 ? `/?page=${page - 1}` : null,
    data: found.slice((page - 1) * perPage, page * perPage),
  };
}

function envelope(httpCode: number, code: string, message: string, data: Json | null): Json {
  return { http_code: httpCode, response_code: code, response_msg: message, data };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
