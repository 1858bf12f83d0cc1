import type { SimulatedProvider } from '../provider';

/** The mailboxes' own host (`server.ts`); it takes mail without a login. */
export const simulatedSmtp: SimulatedProvider<never> = {
  name: 'smtp',
  account: {
    secrets: {},
    variables: (_secrets, { smtpPort }) => ({ SMTP_HOST: '127.0.0.1', SMTP_PORT: String(smtpPort) }),
  },
};
