import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Request } from '../arrivals';
import { hasBasicAuth } from '../basic-auth';
import { isPhoneNumber } from '../phone-number';
import type { ProviderContext } from '../provider';
import { isOver, type CallLog } from './call-log';
import { callResource, filterCalls, callPage, type CallQuery } from './resources';

type Form = Record<string, string | string[] | undefined>;

interface TwilioError {
  status: number;
  code: number;
  message: string;
}

const authenticate: TwilioError = { status: 401, code: 20003, message: 'Authenticate' };

/** Twilio's Calls of the API 2010-04-01: create, read, update, list. */
export function twilioApi(
  context: ProviderContext<'twilioAccountSid' | 'twilioAuthToken'>,
  calls: CallLog,
): FastifyPluginAsync {
  const { arrivals, secrets } = context;

  async function refuse(reply: FastifyReply, request: Request, error: TwilioError): Promise<FastifyReply> {
    await arrivals.reject(request, String(error.code));
    return reply.code(error.status).send({ ...error, more_info: `https://www.twilio.com/docs/errors/${error.code}` });
  }

  function isAuthorized(request: FastifyRequest): boolean {
    const { sid } = request.params as { sid: string };
    const { twilioAccountSid, twilioAuthToken } = secrets;
    return sid === twilioAccountSid && hasBasicAuth(request.headers.authorization, twilioAccountSid, twilioAuthToken);
  }

  async function create(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const form = (request.body ?? {}) as Form;
    const seen = callRequest(form);
    const error = isAuthorized(request) ? problemWith(form, context.resources.phoneNumbers) : authenticate;
    if (error) return refuse(reply, seen, error);
    const reference = `CA${randomBytes(16).toString('hex')}`;
    await arrivals.accept({ ...seen, detail: { reference, ...seen.detail } }, (now) =>
      calls.create(reference, seen.resource ?? '', seen.recipient ?? '', now),
    );
    const call = calls.find(reference);
    return reply.code(201).send(call && callResource(call, secrets.twilioAccountSid));
  }

  async function list(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const query = request.query as CallQuery;
    const seen = seenAs('lookup', query.From, query.To, { query });
    if (!isAuthorized(request)) return refuse(reply, seen, authenticate);
    await arrivals.accept(seen);
    return reply.send(callPage(filterCalls(calls.list(), query), query, secrets.twilioAccountSid));
  }

  async function readOrUpdate(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { callSid } = request.params as { callSid: string };
    const call = calls.find(callSid.replace(/\.json$/, ''));
    const status = single(((request.body ?? {}) as Form)['Status']);
    const isUpdate = request.method === 'POST';
    const seen = seenAs(isUpdate ? 'update' : 'lookup', call?.from, call?.to, { callSid, ...(isUpdate && { status }) });
    if (!isAuthorized(request)) return refuse(reply, seen, authenticate);
    if (!call) {
      const message = `The requested resource ${request.url} was not found`;
      return refuse(reply, seen, { status: 404, code: 20404, message });
    }
    if (isUpdate && isOver(call)) {
      return refuse(reply, seen, { status: 400, code: 21220, message: 'Call is not in-progress. Cannot redirect.' });
    }
    const now = await arrivals.accept(seen);
    if (status === 'completed' || status === 'canceled') {
      const duration = call.startedAt ? Math.round((now.getTime() - call.startedAt.getTime()) / 1_000) : 0;
      calls.progress(call.sid, { status, now, duration, answeredBy: call.answeredBy });
    }
    return reply.send(callResource(call, secrets.twilioAccountSid));
  }

  /** A look at the account: no request that the outbox lists. */
  function showAccount(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { sid } = request.params as { sid: string };
    const { twilioAccountSid, twilioAuthToken } = secrets;
    const known =
      sid === `${twilioAccountSid}.json` &&
      hasBasicAuth(request.headers.authorization, twilioAccountSid, twilioAuthToken);
    return known
      ? reply.send({ sid: twilioAccountSid, status: 'active' })
      : reply.code(authenticate.status).send(authenticate);
  }

  return (app) => {
    app.get('/Accounts/:sid', showAccount);
    app.post('/Accounts/:sid/Calls.json', create);
    app.get('/Accounts/:sid/Calls.json', list);
    app.route({ method: ['GET', 'POST'], url: '/Accounts/:sid/Calls/:callSid', handler: readOrUpdate });
    return Promise.resolve();
  };
}

function callRequest(form: Form): Request {
  const [url, statusCallback] = [single(form['Url']), single(form['StatusCallback'])];
  return seenAs('call', single(form['From']), single(form['To']), {
    url,
    statusCallback,
    statusCallbackEvent: many(form['StatusCallbackEvent'] ?? 'completed'),
    timeLimit: numberOf(form['TimeLimit']),
    timeout: numberOf(form['Timeout']),
    ...(form['MachineDetection'] ? { machineDetection: true } : {}),
    ...(form['Twiml'] ? { text: single(form['Twiml']) } : {}),
    touchId: touchIdOf(statusCallback) ?? touchIdOf(url),
  });
}

function seenAs(
  operation: Request['operation'],
  from: string | undefined,
  to: string | undefined,
  { touchId, ...detail }: Record<string, unknown>,
): Request {
  return {
    provider: 'twilio',
    operation,
    resource: from ?? null,
    recipient: to ?? null,
    touchId: typeof touchId === 'string' ? touchId : null,
    detail,
  };
}

function problemWith(form: Form, ownNumbers: string[]): TwilioError | null {
  const [to, from] = [single(form['To']), single(form['From'])];
  const bad = (code: number, message: string): TwilioError => ({ status: 400, code, message });
  if (!to) return bad(21201, "No 'To' number is specified");
  if (!from) return bad(21213, "No 'From' number is specified");
  if (!form['Url'] && !form['Twiml']) return bad(21205, 'Url parameter is required.');
  if (!isPhoneNumber(to)) return bad(21211, `The phone number you are attempting to call, ${to}, is not valid.`);
  if (!ownNumbers.includes(from)) {
    return bad(21210, `The source phone number provided, ${from}, is not yet verified for your account.`);
  }
  return null;
}

function touchIdOf(url: string | undefined): string | null {
  return url && URL.canParse(url) ? new URL(url).searchParams.get('touchId') : null;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Repeated fields, or one with several words. */
function many(value: string | string[]): string[] {
  return [value]
    .flat()
    .flatMap((text) => text.split(/\s+/))
    .filter(Boolean);
}

function numberOf(value: string | string[] | undefined): number | undefined {
  const text = single(value);
  return text === undefined ? undefined : Number(text);
}
