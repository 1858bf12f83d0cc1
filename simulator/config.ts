import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { secretNames } from './providers';
import { throttleSchema } from './unipile/throttles';

const rate = z.number().min(0).max(1);

const reactionByEmail = z.strictObject({
  /** The reaction comes to the n-th touch that reaches the person, or to the first later one for which it makes sense. */
  onTouch: z.int().min(1).default(1),
  does: z.enum(['reply', 'ooo', 'hardBounce', 'softBounce', 'unsubscribe', 'complain', 'smsStop', 'none']),
  /** Hours of the run's clock; by default a human delay that follows from the seed. */
  afterHours: z.number().min(0).optional(),
});

const prospects = z
  .strictObject({
    /** Shares of all people. A person does at most one of these. */
    replyRate: rate.default(0.05),
    oooRate: rate.default(0.03),
    hardBounceRate: rate.default(0.02),
    unsubscribeRate: rate.default(0.01),
    complaintRate: rate.default(0),
    byEmail: z
      .record(
        z.string().transform((email) => email.trim().toLowerCase()),
        reactionByEmail,
      )
      .default({}),
  })
  .refine((p) => p.replyRate + p.oooRate + p.hardBounceRate + p.unsubscribeRate + p.complaintRate <= 1, {
    error: 'the rates together exceed 1',
  });

const seatAndPerson = z.strictObject({
  seat: z.string().min(1),
  /** Address, profile URL or public identifier of somebody who exists. */
  person: z.string().min(1),
});

const linkedin = z.strictObject({
  /** Who is connected with a seat, or invited by it, when the run begins. */
  connections: z.array(seatAndPerson).default([]),
  invitations: z.array(seatAndPerson).default([]),
  throttles: z.array(throttleSchema).default([]),
});

/** Shares of touches that are taken and then not answered as they should be, and of events that come otherwise. */
const mischief = z.strictObject({
  /** The connection is reset when the touch has been taken. */
  resets: rate.default(0),
  /** Taken, and answered with 500; by SMTP, which has no such word, as a reset. */
  errors: rate.default(0),
  /** Taken, and answered `slowSeconds` of real time later. */
  slow: rate.default(0),
  slowSeconds: z.number().min(0).default(60),
  /** Events that are told before the touch itself is answered, twice, or much later than they happened. */
  earlyEvents: rate.default(0),
  doubleEvents: rate.default(0),
  lateEvents: rate.default(0),
});

const address = z.string().transform((email) => email.trim().toLowerCase());

const salesforge = z.strictObject({
  /** Addresses, or domains, that it takes into sequences and sends nothing to. */
  dnc: z.array(address).default([]),
  shielded: z.array(address).default([]),
  /** Between what it was handed and its leaving, when the schedule allows it. */
  leavesAfterSeconds: z.strictObject({ from: z.number().min(0), to: z.number().min(0) }).default({ from: 3, to: 20 }),
  requestsPerMinute: z.int().min(1).default(6_000),
});

/** Those of every account, by their names (`<provider>/index.ts`). */
const secrets: z.ZodType<Record<string, string>, Record<string, string>> = z.strictObject(
  Object.fromEntries(secretNames.map((name) => [name, z.string().min(1)])),
);

const baseUrl = z.url().transform((url) => url.replace(/\/+$/, ''));
const port = z.int().min(0).max(65_535).default(0);

export const engineUrlSchema = z.strictObject({ baseUrl });

export const configSchema = z.strictObject({
  /** host:port of the Temporal server on which reactions wait. */
  temporalAddress: z.string().min(1),
  temporalNamespace: z.string().min(1).default('default'),
  /**
   * virtual: the time-skipping server's clock plus `offsetMs` milliseconds. table: pairs of real and run's epoch
   * milliseconds, ascending; then reactions wait in this process, without Temporal, and do not survive it.
   */
  clock: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('system') }),
      z.strictObject({ kind: z.literal('virtual'), offsetMs: z.number() }),
      z.strictObject({ kind: z.literal('table'), knots: z.array(z.tuple([z.number(), z.number()])).min(2) }),
    ])
    .default({ kind: 'system' }),
  /** Where outbox.jsonl and inbox.jsonl are written. */
  logDirectory: z.string().min(1),
  host: z.string().default('127.0.0.1'),
  /** 0: any free port; the ready line says which. */
  smtpPort: port,
  httpPort: port,
  dnsPort: port,
  /** Where webhooks go; may be told later by POST /control/engine. */
  engineBaseUrl: baseUrl.nullable().default(null),
  seed: z.number().default(1),
  /** The people who exist: the CSVs of leads. */
  leadsFiles: z.array(z.string().min(1)).default([]),
  /** How many other people there are, whom only a search finds. */
  population: z.int().min(0).max(100_000).default(4_000),
  /** Requests that each directory of people takes in a minute of the run's clock; what is more gets 429. */
  sourceRequestsPerMinute: z.int().min(1).default(600),
  prospects: prospects.prefault({}),
  linkedin: linkedin.prefault({}),
  mischief: mischief.prefault({}),
  salesforge: salesforge.prefault({}),
  secrets,
  /** What the accounts at the providers own; anything else is refused as a sender. */
  resources: z.strictObject({
    mailboxes: z.array(z.string().transform((address) => address.toLowerCase())).default([]),
    phoneNumbers: z.array(z.string()).default([]),
    linkedinSeats: z.array(z.string()).default([]),
  }),
  /** Which records a sending domain has in the DNS; every other one has all of them. */
  resolver: z
    .record(
      z.string().transform((domain) => domain.trim().toLowerCase()),
      z.strictObject({
        spf: z.boolean().default(true),
        dkim: z.boolean().default(true),
        dmarc: z.boolean().default(true),
      }),
    )
    .default({}),
  /** Does the mail server take mail without AUTH? */
  smtpAllowUnauthenticated: z.boolean().default(true),
  /** Milliseconds of real time by which every provider answers later. */
  accountLatencyMs: z.number().min(0).default(0),
});

export type SimulatorConfig = z.output<typeof configSchema>;
export type SimulatorConfigInput = z.input<typeof configSchema>;
export type ProspectSettings = SimulatorConfig['prospects'];
export type MischiefRates = SimulatorConfig['mischief'];
export type Resources = SimulatorConfig['resources'];

/** Reads the configuration file. @throws Error that names every field that is wrong or unknown */
export function readConfig(file: string): SimulatorConfig {
  const parsed = configSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || '(top level)'}: ${issue.message}`);
  throw new Error(`the simulator's configuration ${file} is wrong:\n${problems.join('\n')}`);
}
