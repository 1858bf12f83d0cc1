import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';
import { channelsFrom } from '../../domain/channels';
import { UserError } from '../user-error';
import type { LeadsOption } from './options';

const isoDate = z.iso.date({ error: 'must be a date like "2026-02-20"' });
const zone = z.string().refine((name) => IANAZone.isValidZone(name), {
  error: 'must be an IANA zone like "Australia/Sydney"',
});
const rate = z.number().min(0).max(1);

const reaction = z.strictObject({
  onTouch: z.int().min(1).optional(),
  does: z.enum(['reply', 'ooo', 'hardBounce', 'softBounce', 'unsubscribe', 'complain', 'smsStop', 'none']),
  afterHours: z.number().min(0).optional(),
});

const targeting = z.strictObject({
  industries: z.array(z.string()).optional(),
  titles: z.array(z.string()).optional(),
  companySizes: z.array(z.string()).optional(),
  locations: z.array(z.string()).optional(),
  icpRefinements: z.string().optional(),
});

/** A seat, and how LinkedIn begins for it. */
const seat = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  /** Addresses of people who are connected with it, or invited by it, when the run begins. */
  connections: z.array(z.email()).optional(),
  invitations: z.array(z.email()).optional(),
  /** After so many of its sends, so many are refused. */
  throttles: z
    .array(
      z.strictObject({
        error: z.enum(['cannot_resend_yet', 'limit_exceeded', 'too_many_requests', 'account_restricted']),
        afterSends: z.int().min(0).optional(),
        times: z.int().min(1).optional(),
        retryAfterSeconds: z.int().min(1).optional(),
      }),
    )
    .optional(),
});

/** What `npm run demo -- --setup FILE.json` may hold. Everything is optional; a list that is given is the whole list. */
const setupSchema = z.strictObject({
  start: z.iso.datetime({ offset: true, error: 'must be an instant like "2026-03-02T00:00:00Z"' }).optional(),
  client: z
    .strictObject({
      name: z.string().min(1).optional(),
      timezone: zone.optional(),
      country: z.string().min(2).optional(),
      region: z.string().min(1).optional(),
      tier: z.enum(['ignition', 'velocity', 'dominance']).optional(),
      postalAddress: z.string().min(1).optional(),
      website: z.string().min(1).optional(),
      proofPoints: z.array(z.string().min(1)).optional(),
      senderName: z.string().min(1).optional(),
      credits: z
        .strictObject({
          remaining: z.int().min(0),
          resetsAt: z.iso.datetime({ offset: true, error: 'must be an instant like "2026-04-01T00:00:00Z"' }),
        })
        .optional(),
    })
    .optional(),
  domains: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        warmupStartedAt: isoDate,
        mailboxes: z.array(z.email()),
        /** By which provider its mailboxes send. */
        email: z.enum(['smtp', 'salesforge']).optional(),
      }),
    )
    .optional(),
  phoneNumbers: z
    .array(
      z.strictObject({ number: z.string().min(1), channels: z.array(z.enum(channelsFrom('phone_number'))).min(1) }),
    )
    .optional(),
  linkedinSeats: z.array(seat).optional(),
  campaign: z
    .strictObject({
      name: z.string().min(1).optional(),
      description: z.string().optional(),
      targeting: targeting.optional(),
    })
    .optional(),
  campaigns: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        description: z.string().optional(),
        targeting: targeting.optional(),
        leads: z.string().min(1).optional(),
      }),
    )
    .min(1, 'must name at least one campaign')
    .optional(),
  resolver: z
    .record(
      z.string().min(1),
      z.strictObject({ spf: z.boolean().optional(), dkim: z.boolean().optional(), dmarc: z.boolean().optional() }),
    )
    .optional(),
  prospects: z
    .strictObject({
      replyRate: rate.optional(),
      oooRate: rate.optional(),
      hardBounceRate: rate.optional(),
      unsubscribeRate: rate.optional(),
      complaintRate: rate.optional(),
      byEmail: z.record(z.string(), reaction).optional(),
    })
    .optional(),
});

type Given = z.output<typeof setupSchema>;
type GivenClient = NonNullable<Given['client']>;
export type ClientSetup = Required<Omit<GivenClient, 'region' | 'credits'>> & Pick<GivenClient, 'region' | 'credits'>;

/** A campaign, and the CSV of the leads that it contacts. */
export interface CampaignSetup {
  name: string;
  description: string;
  targeting: z.output<typeof targeting>;
  /** null: it finds its leads by its targeting. */
  leadsFile: string | null;
}

/** A run's circumstances, complete. */
export interface Setup {
  start: Date;
  client: ClientSetup;
  domains: NonNullable<Given['domains']>;
  phoneNumbers: NonNullable<Given['phoneNumbers']>;
  linkedinSeats: NonNullable<Given['linkedinSeats']>;
  campaigns: readonly [CampaignSetup, ...CampaignSetup[]];
  campaign: { name: string; description: string; targeting: NonNullable<NonNullable<Given['campaign']>['targeting']> };
  /** Which records a domain has in the simulated DNS; every other one has all of them. */
  resolver: NonNullable<Given['resolver']>;
  prospects: NonNullable<Given['prospects']>;
}

/** The run that a newcomer sees: an agency in Sydney, Monday 11:00, with one domain in the middle of its warm-up. */
const defaults = {
  start: new Date('2026-03-02T00:00:00Z'),
  client: {
    name: 'Harbour Growth',
    timezone: 'Australia/Sydney',
    country: 'AU',
    region: 'NSW',
    tier: 'velocity',
    postalAddress: 'Level 3, 1 Example Street, Sydney NSW 2000, Australia',
    website: 'https://harbourgrowth.example',
    proofPoints: ['booked 31 first meetings in a quarter for a logistics firm of 80 people'],
    senderName: 'Anna Reid',
  },
  domains: [
    { name: 'growth.example', warmupStartedAt: '2026-02-20', mailboxes: ['anna@growth.example', 'ben@growth.example'] },
    { name: 'harbour-growth.example', warmupStartedAt: '2026-01-12', mailboxes: ['anna@harbour-growth.example'] },
  ],
  phoneNumbers: [{ number: '+61255501234', channels: ['voice', 'sms'] }],
  linkedinSeats: [{ id: 'seat-1', name: 'Anna Reid' }],
  campaign: {
    name: 'Operations leaders',
    description: 'First conversations with people who run operations',
    targeting: { titles: ['Head of Operations', 'COO'], locations: ['Australia', 'New Zealand', 'United States'] },
  },
} satisfies Partial<Setup> & { campaign: Omit<CampaignSetup, 'leadsFile'> };

/**
 * Reads a setup file and completes it.
 * @param options `setup`: null for the default run; `leads`: the CSV of the one campaign
 * @throws UserError that names every field that is wrong or unknown
 */
export function readSetup(options: { setup: string | null; leads: LeadsOption }): Setup {
  const file = options.setup;
  if (file === null) return complete({}, '', options.leads);
  const parsed = setupSchema.safeParse(parseJson(file));
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap(describe);
    throw new UserError(`${file} is not a valid setup:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
  return complete(parsed.data, file, options.leads);
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`--setup ${file} cannot be read: ${reason}`);
  }
}

function describe(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [`${at || '(top level)'}: ${issue.message}`];
  return issue.keys.map((key) => `${[...issue.path, key].join('.')}: is not a known key; remove it`);
}

function complete(given: Given, file: string, leads: LeadsOption): Setup {
  const client: ClientSetup = { ...defaults.client, ...given.client };
  const start = given.start === undefined ? defaults.start : new Date(given.start);
  if (leads.file === null && client.credits === undefined) client.credits = creditsOfSearch(start);
  // Another country than the default's has no region unless one is given.
  if (given.client?.country !== undefined && given.client.region === undefined) delete client.region;
  return {
    start,
    client,
    domains: given.domains ?? defaults.domains,
    phoneNumbers: given.phoneNumbers ?? defaults.phoneNumbers,
    linkedinSeats: given.linkedinSeats ?? defaults.linkedinSeats,
    campaigns: campaignsOf(given, file, leads),
    campaign: { ...defaults.campaign, ...given.campaign },
    resolver: given.resolver ?? {},
    prospects: given.prospects ?? {},
  };
}

/** So few that a month of them can be watched. */
function creditsOfSearch(start: Date): NonNullable<ClientSetup['credits']> {
  return {
    remaining: 120,
    resetsAt: DateTime.fromJSDate(start, { zone: 'utc' }).plus({ days: 31 }).toJSDate().toISOString(),
  };
}

/** @throws UserError where it is not clear who is contacted */
function campaignsOf(given: Given, file: string, leads: LeadsOption): Setup['campaigns'] {
  const [first, ...others] = (given.campaigns ?? []).map(({ leads: csv, ...campaign }): CampaignSetup => ({
    description: '',
    targeting: {},
    ...campaign,
    leadsFile: csv === undefined ? null : csvBeside(file, campaign.name, csv),
  }));
  if (first === undefined) return [{ ...defaults.campaign, ...given.campaign, leadsFile: leads.file }];
  if (given.campaign !== undefined)
    throw new UserError(
      `${file} is not a valid setup:\n  campaign: campaigns are named beside it; keep one of the two`,
    );
  if (leads.isGiven) throw new UserError(`--leads: the campaigns of ${file} name their own leads; leave it out`);
  return [first, ...others];
}

function csvBeside(file: string, campaign: string, csv: string): string {
  const found = path.resolve(path.dirname(file), csv);
  if (existsSync(found) && statSync(found).isFile()) return found;
  throw new UserError(`${file}: the leads of campaign "${campaign}" are not there: there is no file ${found}`);
}
