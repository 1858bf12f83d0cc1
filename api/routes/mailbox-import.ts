import { z } from 'zod';
import { channelsFrom } from '../../domain/channels';
import { MailforgeRefused, type MailboxWithAccount } from '../../providers/mailforge/client';
import { refreshSequences } from '../../store/campaigns/campaigns';
import { readDomain } from '../../store/senders/domains';
import { createSender, mailboxAt, updateSender } from '../../store/senders/senders';
import { isTaken } from '../../store/unique';
import type { Api } from '../api';
import { clientOf } from '../caller';
import type { ApiDeps } from '../ports';
import { Problem } from '../problem';
import { usesOf } from '../resources/sender-kind';
import { answers, boundedText } from '../schemas/basics';

const kind = 'mailbox';

const request = z.strictObject({
  apiKey: boundedText(500)
    .optional()
    .describe('Of Mailforge; used once and kept nowhere. Without it the configured one'),
});

const answer = z.object({
  imported: z.number().int(),
  updated: z.number().int().describe('Were registered already, and have the account that Mailforge names now'),
  refused: z.array(z.object({ address: z.string(), reason: z.string() })),
});

type Fate = 'imported' | 'updated' | { reason: string };

/** Mailboxes of Mailforge with their SMTP accounts, on the domains that the client has registered. */
export function mailboxImportRoutes(api: Api, deps: ApiDeps): void {
  const { database, clock, readMailforge } = deps;
  api.post(
    '/v1/mailboxes/import',
    {
      config: { needs: 'write' },
      schema: {
        tags: ['resources'],
        summary: 'Register the mailboxes that Mailforge holds, or bring their accounts up to date',
        body: request,
        response: answers({ 200: answer }),
      },
    },
    async (asked) => {
      const clientId = clientOf(asked);
      const mailboxes = await readMailforge(asked.body.apiKey ?? null).catch(refused);
      const now = await clock.now();
      const result: z.output<typeof answer> = { imported: 0, updated: 0, refused: [] };
      for (const mailbox of mailboxes) {
        const fate = await bring(deps, clientId, mailbox, now);
        if (typeof fate === 'object') result.refused.push({ address: mailbox.address, reason: fate.reason });
        else result[fate] += 1;
      }
      await refreshSequences(database, clientId);
      return result;
    },
  );
}

/** @throws Problem that says what to do */
function refused(error: unknown): never {
  if (!(error instanceof MailforgeRefused)) throw error;
  if (error.reason === 'no_key' || error.reason === 'http_401' || error.reason === 'http_403') {
    const message =
      error.reason === 'no_key' ? 'is missing, and none is configured; give it' : 'is refused by Mailforge';
    throw new Problem('invalid-request', 'Not valid: apiKey.', [{ field: 'apiKey', message }]);
  }
  throw new Problem('conflict', `${error.message}. Nothing was changed; ask again later.`);
}

async function bring(
  { database }: ApiDeps,
  clientId: string,
  { address, name, smtp, imap }: MailboxWithAccount,
  now: Date,
): Promise<Fate> {
  if (smtp === null) return { reason: 'Mailforge names no SMTP account of it' };
  const known = await mailboxAt(database, { clientId, address });
  if (known !== null) {
    await updateSender(database, { clientId, kind, id: known }, { smtp, imap: imap ?? undefined });
    return 'updated';
  }
  const domain = await readDomain(database, { clientId, name: address.split('@')[1] ?? '' });
  if (domain === null) return { reason: 'is on a domain that is not registered: POST /v1/domains first' };
  try {
    const of = { domainId: domain.id, smtp, imap };
    await createSender(database, {
      clientId,
      kind,
      address,
      name,
      uses: usesOf(channelsFrom(kind), undefined),
      mailbox: of,
      now,
    });
    return 'imported';
  } catch (error) {
    if (!isTaken(error)) throw error;
    return { reason: 'is registered already' };
  }
}
