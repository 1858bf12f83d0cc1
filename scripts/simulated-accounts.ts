import { randomBytes } from 'node:crypto';
import type { RawEnvironment } from '../runtime/config';

const secret = (): string => randomBytes(24).toString('hex');

/** The accounts that the engine has at the simulated providers; made anew for each run. */
export function simulatedAccounts() {
  return {
    salesforgeWebhook: secret(),
    mailWebhook: secret(),
    clicksendWebhook: secret(),
    unipileWebhook: secret(),
    twilioAccountSid: `AC${randomBytes(16).toString('hex')}`,
    twilioAuthToken: secret(),
    unipileApiKey: secret(),
    clicksendUsername: 'simulated',
    clicksendApiKey: secret(),
    anthropicApiKey: secret(),
  };
}

export type SimulatedAccounts = ReturnType<typeof simulatedAccounts>;

/** The environment variables that point the engine at the simulator: it is only another base URL. */
export function simulatedProviders(
  accounts: SimulatedAccounts,
  simulator: { smtpPort: number; httpUrl: string },
): RawEnvironment {
  return {
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(simulator.smtpPort),
    TWILIO_BASE_URL: simulator.httpUrl,
    TWILIO_ACCOUNT_SID: accounts.twilioAccountSid,
    TWILIO_AUTH_TOKEN: accounts.twilioAuthToken,
    UNIPILE_BASE_URL: simulator.httpUrl,
    UNIPILE_API_KEY: accounts.unipileApiKey,
    UNIPILE_WEBHOOK_SECRET: accounts.unipileWebhook,
    CLICKSEND_BASE_URL: simulator.httpUrl,
    CLICKSEND_USERNAME: accounts.clicksendUsername,
    CLICKSEND_API_KEY: accounts.clicksendApiKey,
    CLICKSEND_WEBHOOK_SECRET: accounts.clicksendWebhook,
    SALESFORGE_WEBHOOK_SECRET: accounts.salesforgeWebhook,
    MAIL_WEBHOOK_SECRET: accounts.mailWebhook,
    ANTHROPIC_BASE_URL: simulator.httpUrl,
    ANTHROPIC_API_KEY: accounts.anthropicApiKey,
  };
}
