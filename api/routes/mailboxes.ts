import type { z } from 'zod';
import { refreshSequences } from '../../store/campaigns/campaigns';
import { readDomainByName } from '../../store/senders/domains';
import {
  createMailbox,
  listMailboxes,
  readMailbox,
  updateMailbox,
  type MailboxRecord,
  type SmtpSettings,
} from '../../store/senders/mailboxes';
import type { Api } from '../api';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { Problem } from '../problem';
import { mailboxViews } from '../resource-views';
import { answers, idParam, pageOf, pageQuery, pageRequest, pageView } from '../schemas/basics';
import { mailbox, mailboxChanges, newMailbox } from '../schemas/resources';
import { controlRoutes, registerOnce, showOne, showPage, type Shown } from './resource-controls';

export function mailboxRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock } = deps;
  const tags = ['resources'];
  const shown = {
    kind: 'mailboxes',
    noun: 'mailbox',
    schema: mailbox,
    read: (clientId: string, id: string) => readMailbox(database, clientId, id),
    views: (clientId: string, rows: MailboxRecord[]) => mailboxViews(deps, clientId, rows),
  } satisfies Shown<MailboxRecord, unknown>;

  api.post(
    '/v1/mailboxes',
    {
      config: { needs: 'write' },
      schema: { tags, summary: 'Register a mailbox', body: newMailbox, response: answers({ 201: mailbox }) },
    },
    async (request, reply) => {
      const clientId = clientOf(request);
      const { address, displayName, smtp } = request.body;
      const domainId = await domainOf(deps, clientId, request.body);
      const settings = smtpSettings(smtp ?? null);
      const now = await clock.now();
      const data = { clientId, domainId, address, displayName: displayName ?? null, ...settings, now };
      const row = await registerOnce('address', createMailbox(database, data));
      await refreshSequences(database, clientId);
      return reply.code(201).send(await showOne(shown, clientId, row.id));
    },
  );

  api.get(
    '/v1/mailboxes',
    { schema: { tags, summary: 'Mailboxes', querystring: pageQuery, response: answers({ 200: pageOf(mailbox) }) } },
    async (request) => {
      const clientId = clientOf(request);
      const page = await listMailboxes(database, clientId, pageRequest(request.query));
      return pageView(await showPage(shown, clientId, page), (view) => view);
    },
  );

  api.patch(
    '/v1/mailboxes/:id',
    {
      config: { needs: 'write' },
      schema: {
        tags,
        summary: 'Change the name beside the address, or its SMTP account',
        params: idParam,
        body: mailboxChanges,
        response: answers({ 200: mailbox }),
      },
    },
    async (request) => {
      const owner = { clientId: clientOf(request), id: request.params.id };
      const { smtp, displayName } = request.body;
      await updateMailbox(database, owner, {
        ...(displayName === undefined ? {} : { displayName }),
        ...(smtp === undefined ? {} : smtpSettings(smtp)),
      });
      return showOne(shown, owner.clientId, owner.id);
    },
  );

  controlRoutes(api, deps, shown);
}

/** A mailbox counts against its domain's limit, so the domain must be known first (LIM-1, WARM). */
async function domainOf(
  { database }: ApiDeps,
  clientId: string,
  body: { address: string; domainId?: string | undefined },
): Promise<string> {
  const name = body.address.split('@')[1] ?? '';
  const domain = await readDomainByName(database, clientId, name);
  if (domain === null) {
    const message = 'is on a domain that is not registered: POST /v1/domains first';
    throw new Problem('invalid-request', 'Not valid: address.', [{ field: 'address', message }]);
  }
  if (body.domainId !== undefined && body.domainId !== domain.id) {
    const message = "is not the address's domain; leave it out";
    throw new Problem('invalid-request', 'Not valid: domainId.', [{ field: 'domainId', message }]);
  }
  return domain.id;
}

function smtpSettings(smtp: z.output<typeof newMailbox>['smtp'] | null): SmtpSettings {
  return {
    smtpHost: smtp?.host ?? null,
    smtpPort: smtp?.port ?? null,
    smtpUsername: smtp?.username ?? null,
    smtpPassword: smtp?.password ?? null,
  };
}
