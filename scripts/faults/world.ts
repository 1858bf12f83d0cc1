import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ApiClient } from '../demo/api-client';
import { runZone } from './run-clock';

/** Who sends to whom in a run. Names and numbers are fictional (`.example`, Ofcom's drama numbers). */
export interface RunWorld {
  agencies: Agency[];
  /** CSV of everybody, for the simulator. */
  leadsFile: string;
  resources: { mailboxes: string[]; phoneNumbers: string[]; linkedinSeats: string[] };
}

interface Agency {
  name: string;
  domains: { name: string; mailbox: string }[];
  numbers: { number: string; channels: string[] }[];
  seats: string[];
  campaigns: { name: string; channels: readonly string[]; leads: Lead[] }[];
}

interface Lead {
  email: string;
  first_name: string;
  last_name: string;
  title: string;
  company: string;
  company_domain: string;
  mobile: string;
  linkedin_url: string;
  country: string;
}

/** A campaign for each channel to begin with, so that every channel is at work from the first day on. */
const sequences = [
  ['email', 'voice', 'linkedin', 'email', 'sms', 'email'],
  ['voice', 'email', 'sms', 'email', 'email', 'voice'],
  ['sms', 'email', 'voice', 'email', 'linkedin', 'email'],
  ['linkedin', 'email', 'email', 'voice', 'email', 'sms'],
] as const;
/** Leads for a campaign, by its first channel: as many as its senders reach in some days. */
const shares = { email: 0.45, voice: 0.2, sms: 0.2, linkedin: 0.15 } as const;
/** Mobile numbers that a country keeps for films. */
const leadsAtMost = 960;
const domainsOfAgency = 4;

/** @param days windows that the run will see */
export function makeWorld(out: string, clients: number, days: number): RunWorld {
  const leadsOfAgency = Math.min(leadsAtMost, Math.round(300 + 150 * days));
  const agencies = Array.from({ length: clients }, (_, nr) => agency(nr + 1, leadsOfAgency));
  const leads = agencies.flatMap(({ campaigns }) => campaigns.flatMap((campaign) => campaign.leads));
  const leadsFile = path.join(out, 'people.csv');
  writeFileSync(leadsFile, csvOf(leads));
  return {
    agencies,
    leadsFile,
    resources: {
      mailboxes: agencies.flatMap(({ domains }) => domains.map(({ mailbox }) => mailbox)),
      phoneNumbers: agencies.flatMap(({ numbers }) => numbers.map(({ number }) => number)),
      linkedinSeats: agencies.flatMap(({ seats }) => seats),
    },
  };
}

function agency(nr: number, leadsInAll: number): Agency {
  let next = 0;
  const campaigns = sequences.map((channels) => {
    const count = Math.floor(leadsInAll * shares[channels[0]]);
    const leads = Array.from({ length: count }, () => lead(nr, next++));
    return { name: `Begins by ${channels[0]}`, channels, leads };
  });
  const number = (last: number): string => `+442079460${String(nr * 10 + last).padStart(3, '0')}`;
  return {
    name: `Agency ${nr}`,
    domains: Array.from({ length: domainsOfAgency }, (_, at) => {
      const name = `growth-${nr}-${at + 1}.example`;
      return { name, mailbox: `anna@${name}` };
    }),
    numbers: [
      { number: number(1), channels: ['voice'] },
      { number: number(2), channels: ['voice'] },
      { number: number(3), channels: ['sms'] },
      { number: number(4), channels: ['sms'] },
    ],
    seats: [`seat-${nr}-1`, `seat-${nr}-2`],
    campaigns,
  };
}

function lead(agencyNr: number, nr: number): Lead {
  const company = `company-${agencyNr}-${nr}`;
  return {
    email: `person-${agencyNr}-${nr}@${company}.example`,
    first_name: firstNames[nr % firstNames.length] ?? 'Jo',
    last_name: lastNames[nr % lastNames.length] ?? 'Hill',
    title: 'Head of Operations',
    company: `Company ${agencyNr}-${nr}`,
    company_domain: `${company}.example`,
    mobile: `+447700900${String(nr).padStart(3, '0')}`,
    linkedin_url: `https://www.linkedin.com/in/person-example-${agencyNr}-${nr}`,
    country: 'United Kingdom',
  };
}

const firstNames = ['Amara', 'Ben', 'Chloe', 'Dev', 'Elin', 'Farid', 'Grace'];
const lastNames = ['Archer', 'Bell', 'Cole', 'Dunn', 'Ellis', 'Frost', 'Gray', 'Hale', 'Irwin', 'Jarvis', 'Knox'];

function csvOf(leads: readonly Lead[]): string {
  const columns = Object.keys(leads[0] ?? {}) as (keyof Lead)[];
  const rows = leads.map((one) => columns.map((column) => one[column]).join(','));
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}

/** An agency as the engine knows it. */
export interface LaunchedAgency {
  clientId: string;
  key: string;
  mailbox: string;
}

/** Sets the agencies up by the API, and activates their campaigns. */
export async function launch(
  { agencies }: RunWorld,
  { apiUrl, operatorKey }: { apiUrl: string; operatorKey: string },
): Promise<LaunchedAgency[]> {
  const operator = new ApiClient(apiUrl, operatorKey);
  const launched: LaunchedAgency[] = [];
  for (const one of agencies) launched.push(await launchAgency(one, operator, apiUrl));
  return launched;
}

async function launchAgency(one: Agency, operator: ApiClient, apiUrl: string): Promise<LaunchedAgency> {
  const { id: clientId, apiKey } = await operator.post<{ id: string; apiKey: { secret: string } }>('/v1/clients', {
    name: one.name,
    timezone: runZone,
    country: 'GB',
    tier: 'dominance',
    credits: { remaining: 50_000, resetsAt: '2026-04-01T00:00:00Z' },
    postalAddress: `${one.name}, 1 Example Street, London`,
    website: 'https://growth.example',
    proofPoints: ['booked 31 first meetings in a quarter for a logistics firm of 80 people'],
    senderName: 'Anna Reid',
  });
  const api = new ApiClient(apiUrl, apiKey.secret);
  for (const { name, mailbox } of one.domains) {
    const domain = await api.post<{ id: string }>('/v1/domains', { name, warmupStartedAt: '2025-11-03' });
    await api.post('/v1/mailboxes', { domainId: domain.id, address: mailbox });
  }
  for (const number of one.numbers) await api.post('/v1/phone-numbers', number);
  for (const accountId of one.seats) await api.post('/v1/linkedin-seats', { accountId, name: 'Anna Reid' });
  const campaigns: string[] = [];
  for (const { name, channels, leads } of one.campaigns) {
    const steps = channels.map((channel, at) => ({ step: at + 1, day: at * 2, channel, purpose: purposeOf(at) }));
    const { campaign } = await api.post<{ campaign: { id: string } }>('/v1/campaigns/import', {
      externalId: name,
      name,
      description: 'First conversations with people who run operations',
      targeting: { titles: ['Head of Operations'], locations: ['United Kingdom'] },
      steps,
      leads,
    });
    campaigns.push(campaign.id);
  }
  for (const id of campaigns) await api.post(`/v1/campaigns/${id}/activate`);
  return { clientId, key: apiKey.secret, mailbox: one.domains[0]?.mailbox ?? '' };
}

const purposeOf = (at: number): string =>
  ['intro', 'connect', 'value-add', 'value-add', 'final nudge'][at] ?? 'value-add';
