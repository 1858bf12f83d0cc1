import type { FastifyReply } from 'fastify';
import { unsubscriberOf } from '../../store/leads/leads';
import type { Api } from '../api';
import type { ApiDeps } from '../ports';
import { recordEvents } from '../record-events';
import { StillOnItsWay } from '../stops';

interface TokenRoute {
  Params: { token: string };
}

/**
 * One-click unsubscribe (RFC 8058): POST acts, GET only shows a page with a button that posts, because mail scanners
 * follow links. No cookies, no login, no redirect; doing it again is harmless.
 */
export function unsubscribeRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock } = deps;
  // Mail hosts post a form in either encoding; what it says does not matter.
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const options = { schema: { hide: true }, bodyLimit: 64 * 1024 };

  // No token of ours has other characters, and PostgreSQL refuses some of them.
  const whoHas = async (token: string) => (/^[\w-]+$/.test(token) ? unsubscriberOf(database, token) : null);

  api.get<TokenRoute>('/u/:token', options, async (request, reply) => {
    const unsubscriber = await whoHas(request.params.token);
    if (unsubscriber === null) return page(reply, 404, unknownLink);
    return page(reply, 200, question);
  });

  api.post<TokenRoute>('/u/:token', options, async (request, reply) => {
    const { token } = request.params;
    const unsubscriber = await whoHas(token);
    if (unsubscriber === null) return page(reply, 404, unknownLink);
    const unsubscribed = {
      provider: 'unsubscribe-link',
      providerEventId: token,
      kind: 'unsubscribe',
      occurredAt: await clock.now(),
      touchId: null,
      reference: token,
      person: { email: unsubscriber.email },
      resource: unsubscriber.mailbox === null ? null : { mailbox: unsubscriber.mailbox },
      payload: {},
    } as const;
    try {
      await recordEvents(deps, [unsubscribed]);
    } catch (error) {
      if (!(error instanceof StillOnItsWay)) throw error;
      return page(reply.headers({ ...error.headers }), error.status, doneButOne);
    }
    return page(reply, 200, done);
  });
}

const question =
  '<h1>Unsubscribe</h1><p>You will not hear from us again, on any channel.</p>' +
  '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">' +
  '<button type="submit">Unsubscribe</button></form>';
const done = '<h1>You are unsubscribed</h1><p>You will not hear from us again.</p>';
const doneButOne =
  '<h1>You are unsubscribed</h1><p>Nothing more is sent to you. One message was on its way already and may still arrive.</p>';
const unknownLink = '<h1>This link does not work</h1><p>It may have been cut off. Copy all of it from the message.</p>';

function page(reply: FastifyReply, status: number, content: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    })
    .type('text/html; charset=utf-8')
    .send(
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Unsubscribe</title>' +
        `<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>${content}</body></html>`,
    );
}
