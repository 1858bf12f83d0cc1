import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { channels, channelsFrom } from '../../domain/channels';
import { phoneNumber } from '../../domain/phone-number';
import { instant, dateField, optionalInstant, boundedText, uuid } from './basics';

const domainName = z
  .string()
  .trim()
  .toLowerCase()
  // OWN-4: a name in letters of its own script is the same domain as its ASCII form.
  .overwrite((name) => (/[^\u0000-\u007f]/.test(name) ? domainToASCII(name) : name))
  .max(253)
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
    'must be a domain such as growth.example',
  );

const use = {
  limit: z.number().int().describe("Touches allowed on today's date in the client's zone (LIM, WARM)"),
  booked: z.number().int().describe('Planned for today'),
  consumed: z.number().int().describe('Sent today'),
};

/** HLTH-4: a rate that nobody measures is not 0. */
const rate = z.union([z.number(), z.literal('not measured')]);
const health = z.object({
  status: z.enum(['sending', 'paused']),
  bounceRate: rate,
  complaintRate: rate,
  unsubscribeRate: rate,
});

const common = {
  id: uuid,
  ...use,
  limits: z
    .array(z.object({ counter: z.string(), period: z.enum(['day', 'sevenDays', 'month']), ...use }))
    .describe('Every limit that counts for it, as it stands today'),
  health,
  pausedAt: optionalInstant.describe('Since the first of its pauses'),
  pauseReason: z.string().nullable().describe('Of the first of its pauses, in words'),
  pauses: z
    .array(
      z.object({
        reason: z.enum(['operator', 'provider', 'health', 'dns']),
        detail: z.string(),
        since: instant,
        until: optionalInstant.describe('Ends by itself; null: when it is lifted'),
      }),
    )
    .describe('Several may hold at once; each is lifted by itself'),
  createdAt: instant,
};

/** Through which provider a sender sends, by channel. */
const providers = z
  .partialRecord(z.enum(channels), z.string())
  .describe('Provider by channel; the first one that offers the channel unless it is given');
const asked = { providers: providers.optional() };
const outages = z
  .array(
    z.object({
      channel: z.string(),
      provider: z.string(),
      error: z.string(),
      failures: z.number().int().describe('In a row'),
      since: instant,
      retryAt: instant.describe('From then on the next touch tries; until then nothing is sent'),
    }),
  )
  .describe('Providers that do not answer: touches wait and nothing is lost; `resume` has it tried at once');
const sent = { ...common, providers, outages };

const dkimSelector = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/, 'must be a DKIM selector such as s1')
  .nullish()
  .describe('The selector that the mailbox provider signs with; without it the known ones are tried');

const dnsRecord = z.object({
  kind: z.enum(['spf', 'dkim', 'dmarc']),
  status: z.enum(['ok', 'missing', 'wrong']),
  found: z.object({ name: z.string(), value: z.string() }).nullable(),
  says: z.string().describe('What it means, in a sentence'),
  publish: z
    .object({ name: z.string(), type: z.enum(['TXT', 'CNAME']), value: z.string() })
    .nullable()
    .describe('The record to publish; null: nothing is to be done'),
});
const dns = z.object({
  askedAt: optionalInstant.describe('When the DNS was last asked'),
  couldNotBeAsked: z.string().nullable().describe('Why it did not answer then; nothing was changed'),
  checkedAt: optionalInstant.describe('When it last answered; until then the domain does not send'),
  records: z.array(dnsRecord),
  bulkSenderRules: z
    .array(z.object({ rule: z.string(), status: z.enum(['green', 'red', 'not measured']), says: z.string() }))
    .describe('What Google and Yahoo ask of senders of many mails'),
});

export const newDomain = z.strictObject({
  name: domainName,
  warmupStartedAt: dateField.optional().describe('Client-local date on which the warm-up began (WARM-3); else today'),
  dkimSelector,
});
export const domainChanges = z.strictObject({ warmupStartedAt: dateField.optional(), dkimSelector });
export const domain = z.object({
  ...common,
  name: z.string(),
  warmupStartedAt: z.string(),
  health: health.extend({
    sends: z.number().int().describe('Mails of the trailing seven days, by date of sending (HLTH-1)'),
    bounces: z.number().int(),
    complaints: z.number().int(),
    unsubscribes: z.number().int(),
    halvedSince: optionalInstant.describe("Since when the day's limit is halved (HLTH-2)"),
    flaggedAt: optionalInstant.describe('Since when the content wants a review (HLTH-2)'),
  }),
  limitIs: z
    .object({
      base: z.number().int().describe('The limit of a warmed domain (LIM)'),
      warmUp: z.number().int().describe("That of today's stage of its warm-up (WARM)"),
      healthFactor: z.number().describe('0.5 while it is halved (HLTH-2), else 1'),
      left: z.number().int().describe('Neither booked nor sent'),
      nextFreeOn: z.string().nullable().describe("The client's date on which there is room next"),
      effective: z.number().int().describe('What the mailboxes can carry of it in one window (TIME-1, TIME-6)'),
      effectiveReason: z.string().nullable().describe('Why that is less'),
    })
    .describe("How today's limit came about"),
  warmUp: z.object({
    day: z.number().int().describe('Local dates since the warm-up began (WARM-1); negative before it begins'),
    stage: z.number().int().describe('1 to 5, as the WARM table counts; 0 before it begins'),
    limit: z.number().int(),
  }),
  dkimSelector: z.string().nullable(),
  dns,
  reviewedAt: optionalInstant,
});

const smtp = z
  .strictObject({
    host: boundedText(253),
    port: z.number().int().min(1).max(65535),
    username: boundedText(320).nullish(),
    password: z
      .string()
      .max(500)
      .refine((value) => !value.includes('\0'), 'must not contain NUL')
      .nullish()
      .describe('Never shown again'),
  })
  .describe("The mailbox's own SMTP account; without it the configured relay sends");

const imapPassword = z
  .string()
  .min(1)
  .max(500)
  .refine((value) => !value.includes('\0'), 'must not contain NUL')
  .describe('Never shown again');
const imap = z
  .strictObject({
    host: boundedText(253),
    port: z.number().int().min(1).max(65535).default(993),
    username: boundedText(320),
    password: imapPassword,
    secure: z
      .boolean()
      .optional()
      .describe(
        'TLS from the first byte (port 993, unless it is said); otherwise STARTTLS, without which nobody logs in',
      ),
  })
  .describe("The mailbox's IMAP account: replies and bounces are read from its inbox");

export const newMailbox = z.strictObject({
  address: z.email('must be an e-mail address').trim().toLowerCase().max(254).describe('On a registered domain'),
  displayName: boundedText(100).nullish().describe('The name beside the address'),
  domainId: uuid.optional().describe("Must be the address's domain when it is given"),
  smtp: smtp.nullish(),
  imap: imap.nullish(),
  ...asked,
});
export const mailboxChanges = z.strictObject({
  displayName: boundedText(100).nullish(),
  smtp: smtp.nullish(),
  imap: imap.nullish(),
  ...asked,
});
export const mailbox = z.object({
  ...sent,
  address: z.string(),
  displayName: z.string().nullable(),
  domainId: uuid,
  smtp: z.object({ host: z.string(), port: z.number().nullable(), username: z.string().nullable() }).nullable(),
  imap: z.object({ host: z.string(), port: z.number(), username: z.string(), secure: z.boolean() }).nullable(),
  inbox: z
    .object({
      state: z
        .enum(['waiting', 'reading', 'unreachable', 'refused'])
        .describe('refused: the login is; change the account. waiting: nobody has read it yet'),
      lastSeenAt: optionalInstant.describe('When it was last looked at with success'),
      error: z.string().nullable().describe('Why it cannot be read, in a word'),
    })
    .nullable()
    .describe('What arrives in the mailbox, as far as it is read by IMAP; null: it has no IMAP account'),
});

/** The channels that are sent from a phone number. */
const phoneChannelNames = channelsFrom('phone_number');
const phoneChannels = z
  .array(z.enum(phoneChannelNames, `must be ${phoneChannelNames.join(' or ')}`))
  .min(1, `must name ${phoneChannelNames.join(', ')} or all of them`)
  .max(phoneChannelNames.length);
export const newPhoneNumber = z.strictObject({
  number: z
    .string()
    .refine((number) => number.trim().startsWith('+') && phoneNumber(number, null) !== null, {
      error: 'must be an E.164 number such as +61255501234',
    })
    .describe('E.164'),
  channels: phoneChannels.default([...phoneChannelNames]),
  ...asked,
});
export const phoneNumberChanges = z.strictObject({ channels: phoneChannels.optional(), ...asked });
export const phoneNumberAnswer = z.object({
  ...sent,
  number: z.string(),
  channels: z.array(z.string()),
  byChannel: z
    .record(z.string(), z.object(use))
    .describe('limit, booked and consumed of each channel; the top level has their sums'),
});

export const newSeat = z.strictObject({
  accountId: boundedText(200).describe("The provider's account id of the seat"),
  name: boundedText(100),
  ...asked,
});
export const seatChanges = z.strictObject({ name: boundedText(100).optional(), ...asked });
export const seat = z.object({
  ...sent,
  accountId: z.string(),
  name: z.string(),
  restedUntil: optionalInstant.describe(
    'When its last rest, because the provider throttled it, ended or will end: half its limits of a day for three days from then on',
  ),
});
