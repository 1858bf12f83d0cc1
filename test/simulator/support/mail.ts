import { createTransport } from 'nodemailer';
import { jane, mailbox } from './settings';

export interface TestMail {
  touchId?: string;
  from?: string;
  to?: string;
  user?: string;
  unsubscribeUrl?: string;
}

/** Sends a mail as the engine would, through a real SMTP client. */
export async function sendMail(port: number, mail: TestMail = {}): Promise<string> {
  const {
    touchId = 'touch-1',
    from = mailbox,
    to = jane.email,
    user,
    unsubscribeUrl = 'http://127.0.0.1:9/u/token',
  } = mail;
  const auth = user === undefined ? undefined : { user, pass: 'any password' };
  const transport = createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true, auth });
  const info = await transport.sendMail({
    from: { name: 'Anna', address: from },
    to,
    messageId: `<${touchId}@growth.example>`,
    subject: 'A thought for Zürich',
    text: 'Hello Jane,\n\nshall we talk?\n',
    headers: {
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  });
  transport.close();
  return info.response;
}
