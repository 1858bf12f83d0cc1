import { secret } from '../../runtime/variables';
import { provider } from '../manifest';
import { mailEvents } from './webhook';

/** Mails may carry attachments. In bytes. */
const mailLimit = 25 * 1024 * 1024;

/** A webhook only: what arrives in the mailboxes that `smtp` sends from. */
export const mail = provider({
  name: 'mail',
  title: 'Events of sending mailboxes, as raw mail',
  variables: {
    webhookSecret: secret(
      'MAIL_WEBHOOK_SECRET',
      'Secret part of the path /webhooks/mail/SECRET for raw mail, at least 16 characters.',
      { otherwise: 'none, the route is closed' },
    ),
  },
  webhooks: [
    {
      method: 'POST',
      path: '/webhooks/mail/:secret',
      proof: 'secret in the path',
      summary: 'A mail that arrived in a sending mailbox',
      register: "forward the mailboxes' raw mail, message/rfc822",
      bodyLimit: mailLimit,
      parse: (request, { webhookSecret }, { isOurMailbox }) =>
        mailEvents(request, { secret: webhookSecret, isOurMailbox }),
    },
  ],
});
