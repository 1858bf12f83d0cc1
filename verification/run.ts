import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const instant = z.iso.datetime();
const date = z.iso.date();

/** What a provider was asked. */
const outboxLine = z.object({
  at: instant,
  operation: z.string(),
  resource: z.string().nullable(),
  recipient: z.string().nullable(),
  touchId: z.string().nullable(),
  outcome: z.enum(['accepted', 'rejected', 'lost']),
});
/** What came back. */
const inboxLine = z.object({
  at: instant,
  event: z.string(),
  recipient: z.string().nullable(),
  touchId: z.string().nullable(),
  answeredStatus: z.int().nullable(),
});
/** A stop that somebody asked the API for: a lead's stop, its suppression or erasure, an opt-out page. */
const stopLine = z.object({ at: instant, what: z.string(), leadId: z.string(), answeredStatus: z.int() });
/** The engine's own account of a lead. */
const leadLine = z.object({
  email: z.string(),
  timezone: z.string(),
  timezoneSource: z.string(),
  touches: z.array(
    z.object({
      touchId: z.string(),
      step: z.int(),
      channel: z.string(),
      status: z.string(),
      sentAt: instant.nullable(),
      resource: z.string().nullable(),
    }),
  ),
});
/** Of the run's setup, what the limits depend on. */
const setupFile = z.object({
  client: z.object({ timezone: z.string() }),
  domains: z.array(z.object({ name: z.string(), warmupStartedAt: date })),
});
/** What is known of a person from elsewhere than the engine. */
const person = z.object({
  email: z.string(),
  /** Address, E.164 numbers, LinkedIn URL: wherever a touch may reach them. */
  recipients: z.array(z.string().min(1)),
  /** TIME-2. */
  zone: z.string(),
  zoneSource: z.enum(['hq', 'country', 'client']),
  /** TIME-3. */
  callZone: z.string(),
  /** TIME-5, on the run's days. */
  holidays: z.array(date),
});

export type OutboxLine = z.infer<typeof outboxLine>;
export type InboxLine = z.infer<typeof inboxLine>;
export type StopLine = z.infer<typeof stopLine>;
export type LeadLine = z.infer<typeof leadLine>;
export type RunSetup = z.infer<typeof setupFile>;
export type RunPerson = z.infer<typeof person>;

/**
 * A run as its logs tell it (docs/formats.md). What may be missing is null: checks that need it are left out. Stops are those
 * that were asked for; nobody need have written them down.
 */
export interface Run {
  outbox: OutboxLine[];
  inbox: InboxLine[];
  stops: StopLine[];
  leads: LeadLine[];
  setup: RunSetup | null;
  people: RunPerson[] | null;
}

/**
 * Reads outbox.jsonl, inbox.jsonl, leads.jsonl and, if they are there, stops.jsonl, setup.json and people.json.
 * @param account stands in for leads.jsonl where that is missing
 * @throws Error naming file, line and field for anything that is not as documented: what can't be read proves nothing
 */
export function readRun(directory: string, account: LeadLine[] | null = null): Run {
  const isThere = (name: string): boolean => existsSync(path.join(directory, name));
  const lines = <T>(name: string, schema: z.ZodType<T>): T[] =>
    readFileSync(path.join(directory, name), 'utf8')
      .split('\n')
      .flatMap((line, at) => (line === '' ? [] : [parse(line, schema, `${name}:${at + 1}`)]));
  const optional = <T>(name: string, schema: z.ZodType<T>): T | null => {
    return isThere(name) ? parse(readFileSync(path.join(directory, name), 'utf8'), schema, name) : null;
  };
  return {
    outbox: lines('outbox.jsonl', outboxLine),
    inbox: lines('inbox.jsonl', inboxLine),
    stops: isThere('stops.jsonl') ? lines('stops.jsonl', stopLine) : [],
    leads: account !== null && !isThere('leads.jsonl') ? account : lines('leads.jsonl', leadLine),
    setup: optional('setup.json', setupFile),
    people: optional('people.json', z.array(person)),
  };
}

/** What was logged up to an instant. */
export function until(run: Run, instant: Date): Run {
  const before = <T extends { at: string }>(lines: readonly T[]): T[] =>
    lines.filter(({ at }) => Date.parse(at) <= instant.getTime());
  return { ...run, outbox: before(run.outbox), inbox: before(run.inbox), stops: before(run.stops) };
}

function parse<T>(text: string, schema: z.ZodType<T>, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${where} is not JSON`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${where}: ${z.prettifyError(parsed.error).replace(/\s*\n\s*/g, ' ')}`);
}
