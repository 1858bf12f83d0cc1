import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema, type SimulatorConfig, type SimulatorConfigInput } from '../../../simulator/config';

export const mailbox = 'anna@growth.example';
export const number = '+61255501234';
export const seat = 'seat-1';

export const jane = {
  email: 'jane@acme.example',
  mobile: '+61491570156',
  linkedinUrl: 'https://www.linkedin.com/in/jane-doe-example-1',
};
export const omar = {
  email: 'omar@zenith.example',
  phone: '+12125550123',
  linkedinUrl: 'https://www.linkedin.com/in/omar-example-2',
};

const leads = `email,first_name,last_name,title,company,phone,mobile,linkedin_url,country
${jane.email},Jane,Doe,Head of Sales,Acme,,${jane.mobile},${jane.linkedinUrl},Australia
${omar.email},Omar,Reyes,Founder,Zenith,(212) 555-0123,,${omar.linkedinUrl},United States
`;

export const secrets = {
  salesforgeWebhook: 'salesforge-secret',
  salesforgeApiKey: 'salesforge-key',
  salesforgeWorkspace: 'workspace-1',
  mailWebhook: 'mail-secret',
  clicksendWebhook: 'clicksend-secret',
  unipileWebhook: 'unipile-secret',
  twilioAccountSid: 'AC00000000000000000000000000000001',
  twilioAuthToken: 'twilio-token',
  unipileApiKey: 'unipile-key',
  clicksendUsername: 'clicksend-user',
  clicksendApiKey: 'clicksend-key',
  anthropicApiKey: 'anthropic-key',
  apolloApiKey: 'apollo-key',
  apifyToken: 'apify-token',
};

/** A configuration of a world with two people, one mailbox, one number and one seat, in a directory of its own. */
export function settings(changes: Partial<SimulatorConfigInput> = {}): SimulatorConfigInput {
  const directory = mkdtempSync(join(tmpdir(), 'simulator-'));
  const leadsFile = join(directory, 'leads.csv');
  writeFileSync(leadsFile, leads);
  return {
    temporalAddress: '127.0.0.1:1',
    logDirectory: join(directory, 'logs'),
    leadsFiles: [leadsFile],
    secrets,
    resources: { mailboxes: [mailbox], phoneNumbers: [number], linkedinSeats: [seat] },
    ...changes,
  };
}

export function config(changes: Partial<SimulatorConfigInput> = {}): SimulatorConfig {
  return configSchema.parse(settings(changes));
}

/** Everybody does nothing but this. */
export function only(
  email: string,
  does: 'reply' | 'ooo' | 'hardBounce' | 'softBounce' | 'unsubscribe' | 'complain' | 'smsStop' | 'none',
  onTouch = 1,
  afterHours = 3,
): NonNullable<SimulatorConfigInput['prospects']> {
  return {
    replyRate: 0,
    oooRate: 0,
    hardBounceRate: 0,
    unsubscribeRate: 0,
    byEmail: { [email]: { onTouch, does, afterHours } },
  };
}
