import type { z } from 'zod';
import { channelsFrom } from '../../domain/channels';
import { readDomain } from '../../store/senders/domains';
import type { InboxAccount, InboxRecord } from '../../store/senders/inboxes';
import { createSender, updateSender, type SenderRecord, type MailboxAccount } from '../../store/senders/senders';
import type { ApiDeps } from '../ports';
import { Problem } from '../problem';
import { mailbox, mailboxChanges, newMailbox } from '../schemas/resources';
import type { ApiResource } from './resource';
import { changedUses, senderBasics, showSenders, usesOf } from './sender-kind';

const kind = 'mailbox';

export function mailboxKind(
  deps: ApiDeps,
): ApiResource<typeof newMailbox, typeof mailboxChanges, typeof mailbox, SenderRecord> {
  const { database } = deps;
  return {
    ...senderBasics(deps, kind),
    path: 'mailboxes',
    noun: 'mailbox',
    summaries: { create: 'Register a mailbox', change: 'Change the name beside the address, or its accounts' },
    schemas: { create: newMailbox, changes: mailboxChanges, view: mailbox },
    unique: 'address',
    async create(clientId, body, now) {
      const { address, displayName = null, smtp = null, imap = null, providers } = body;
      const domainId = await domainOf(deps, clientId, body);
      const uses = usesOf(channelsFrom(kind), providers);
      const of = { domainId, smtp: accountOf(smtp), imap: inboxOf(imap) };
      return createSender(database, { clientId, kind, address, name: displayName, uses, mailbox: of, now });
    },
    change: (owner, { displayName, smtp, imap, providers }) =>
      updateSender(
        database,
        { ...owner, kind },
        {
          name: displayName,
          smtp: smtp === undefined ? undefined : accountOf(smtp),
          imap: imap === undefined ? undefined : inboxOf(imap),
          uses: changedUses(kind, providers),
        },
      ),
    async views(clientId, rows) {
      const shown = await showSenders(deps, clientId, rows);
      return shown.map(({ row, common }) => ({
        ...common,
        address: row.address,
        displayName: row.name,
        domainId: row.mailbox?.domainId ?? '',
        smtp: row.mailbox?.smtp ?? null,
        imap: row.mailbox?.inbox?.account ?? null,
        inbox: inboxView(row.mailbox?.inbox ?? null),
      }));
    },
  };
}

/** A mailbox counts against its domain's limit, so the domain must be known first (LIM-1, WARM). */
async function domainOf(
  { database }: ApiDeps,
  clientId: string,
  body: { address: string; domainId?: string | undefined },
): Promise<string> {
  const name = body.address.split('@')[1] ?? '';
  const domain = await readDomain(database, { clientId, name });
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

function accountOf(smtp: NonNullable<z.output<typeof newMailbox>['smtp']> | null): MailboxAccount | null {
  if (smtp === null) return null;
  return { host: smtp.host, port: smtp.port, username: smtp.username ?? null, password: smtp.password ?? null };
}

/** Port on which IMAP is spoken in TLS from the first byte (RFC 8314). */
const implicitTlsPort = 993;

function inboxOf(imap: NonNullable<z.output<typeof newMailbox>['imap']> | null): InboxAccount | null {
  return imap === null ? null : { ...imap, secure: imap.secure ?? imap.port === implicitTlsPort };
}

function inboxView(inbox: InboxRecord | null): z.output<typeof mailbox>['inbox'] {
  if (inbox === null) return null;
  const { state, lastSeenAt, error } = inbox;
  return { state, lastSeenAt: lastSeenAt?.toISOString() ?? null, error };
}
