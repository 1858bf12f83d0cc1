import { flag, host, optional, port, text } from '../../runtime/variables';
import { provider } from '../manifest';
import { smtpSender, smtpSign } from './client';

/** The relay of mailboxes without an account of their own; those that have one need none of this. */
export const smtp = provider({
  name: 'smtp',
  title: 'E-mail by SMTP (the relay of mailboxes that have no account of their own)',
  variables: {
    host: host('SMTP_HOST', 'Host name of the relay.', { otherwise: 'none, no e-mail' }),
    port: port('SMTP_PORT', 'Port of the relay, 1 to 65535.', { default: 587 }),
    username: optional(
      text('SMTP_USERNAME', 'User name, together with the password.', { otherwise: 'none, no login' }),
    ),
    password: optional(
      text('SMTP_PASSWORD', 'Password, together with the user name.', { otherwise: 'none, no login' }),
    ),
    secure: flag('SMTP_SECURE', 'Does the connection begin with TLS (port 465)? true or false.', {
      default: false,
      otherwise: 'false, STARTTLS is used when offered',
    }),
  },
  together: [{ name: 'smtp login', settings: ['username', 'password'] }],
  senders: { email: smtpSender },
  sendersWithoutSettings: { email: smtpSender },
  signOfLife: smtpSign,
});
