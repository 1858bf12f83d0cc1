import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../runtime/clock';
import { systemClock } from '../../runtime/clock';
import type { Database } from '../../store/database';
import { readDueLeads, type DueLead } from '../../store/reports/run-facts';
import { chanceOf } from './chance';
import type { LaunchedAgency } from './world';

export const stopKinds = ['stop', 'erase', 'suppress', 'reply'] as const;
export type StopKind = (typeof stopKinds)[number];

/** A stop that was answered with success: from then on nothing may reach this lead. */
export interface AnsweredStop {
  /** The run's time at which the answer had been read. */
  at: string;
  what: StopKind;
  leadId: string;
  answeredStatus: number;
  /** How often it was asked until it was answered so. */
  attempts: number;
  /** Real milliseconds from the first request to that answer. */
  tookMs: number;
  /** The id of the event that it came by; null: by the API. */
  eventId: string | null;
}

export interface StopStream {
  answered: readonly AnsweredStop[];
  /** Asked, and not answered yet. */
  pending(): number;
  /** Asks for no more, and waits until every one that was asked for is answered. @throws Error of one that was refused */
  finish(): Promise<void>;
}

interface StopPlan {
  out: string;
  seed: number;
  apiUrl: string;
  mailSecret: string;
  agencies: readonly LaunchedAgency[];
  database: Database;
  clock: Clock;
  /** The run's seconds in one real second. */
  speed: number;
}

/** Real milliseconds between two stops, on average. */
const everyMs = 2_000;
/** Real milliseconds by which a stop comes before or after the slot of its lead's next touch. */
const around = { before: 250, after: 350 };
/** How far ahead stops are planned, in real milliseconds. */
const aheadMs = 4_000;
/** Real milliseconds that an answer may take, and until the same is asked again after a failure. */
const answerWithinMs = 30_000;
const againAfterMs = 400;

/**
 * A program of an agency, and people who answer their mail: they stop leads just when a touch is due, and ask again until
 * they are told that it is done. What they are told, and when, is written to stops.jsonl: the witness of what was promised.
 */
export function startStops(plan: StopPlan): StopStream {
  const chance = chanceOf(plan.seed + 1);
  const answered: AnsweredStop[] = [];
  const chosen = new Set<string>();
  const running = new Set<Promise<void>>();
  const log = createWriteStream(path.join(plan.out, 'stops.jsonl'));
  let isOver = false;
  let failure: Error | null = null;

  async function stopOne(lead: DueLead, kind: StopKind): Promise<void> {
    const request = requestFor(plan, lead, kind);
    const slot = plan.clock.toWorkflowTime(lead.slotAt);
    const moment = slot + chance.whole(-around.before, around.after) - (await realMs());
    await delay(Math.max(0, moment));
    const began = performance.now();
    for (let attempts = 1; ; attempts += 1) {
      const answer = await ask(request);
      if (answer === 'gone') return;
      if (answer !== 'again') {
        const at = (await plan.clock.now()).toISOString();
        const { eventId } = request;
        const tookMs = Math.round(performance.now() - began);
        const one = { at, what: kind, leadId: lead.leadId, answeredStatus: answer, attempts, tookMs, eventId };
        answered.push(one);
        log.write(`${JSON.stringify(one)}\n`);
        return;
      }
      await delay(againAfterMs);
    }
  }

  async function choose(): Promise<DueLead | undefined> {
    const real = await realMs();
    const now = await plan.clock.now();
    const until = new Date(now.getTime() + aheadMs * plan.speed);
    // While the database is struck nobody is chosen.
    const due = await readDueLeads(plan.database.sql, now, until).catch(() => []);
    return due.find(
      ({ leadId, slotAt }) => !chosen.has(leadId) && plan.clock.toWorkflowTime(slotAt) > real + around.before,
    );
  }

  async function stream(): Promise<void> {
    while (!isOver) {
      const lead = await choose();
      const kind = stopKinds[chance.whole(0, stopKinds.length - 1)] ?? 'stop';
      if (lead !== undefined) {
        chosen.add(lead.leadId);
        const one = stopOne(lead, kind);
        running.add(one);
        one.then(
          () => running.delete(one),
          (error: unknown) => (failure ??= error as Error),
        );
      }
      await delay(chance.whole(everyMs / 3, everyMs * 1.7));
    }
  }

  const streaming = stream();
  return {
    answered,
    pending: () => running.size,
    async finish() {
      isOver = true;
      await streaming;
      await Promise.all(running);
      log.end();
      if (failure !== null) throw failure;
    },
  };
}

const realMs = async (): Promise<number> => (await systemClock.now()).getTime();

interface StopRequest {
  method: 'POST' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body?: string;
  eventId: string | null;
}

function requestFor({ apiUrl, mailSecret, agencies }: StopPlan, lead: DueLead, kind: StopKind): StopRequest {
  const agency = agencies.find(({ clientId }) => clientId === lead.clientId);
  const headers = { authorization: `Bearer ${agency?.key ?? ''}` };
  const json = { ...headers, 'content-type': 'application/json' };
  switch (kind) {
    case 'stop':
      return { method: 'POST', url: `${apiUrl}/v1/leads/${lead.leadId}/stop`, headers, eventId: null };
    case 'erase':
      return { method: 'DELETE', url: `${apiUrl}/v1/leads/${lead.leadId}`, headers, eventId: null };
    case 'suppress': {
      const body = JSON.stringify({ email: lead.email });
      return { method: 'POST', url: `${apiUrl}/v1/suppressions`, headers: json, body, eventId: null };
    }
    case 'reply': {
      const eventId = `stop.${lead.leadId}@replies.example`;
      const body = replyMail(lead.email, agency?.mailbox ?? '', eventId);
      const mail = { 'content-type': 'message/rfc822' };
      return { method: 'POST', url: `${apiUrl}/webhooks/mail/${mailSecret}`, headers: mail, body, eventId };
    }
  }
}

const replyMail = (from: string, to: string, messageId: string): string =>
  [
    `From: <${from}>`,
    `To: <${to}>`,
    `Message-ID: <${messageId}>`,
    'Subject: Re: your message',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Thank you, we have found somebody already.',
    '',
  ].join('\r\n');

/**
 * gone: there is no such lead any more. again: nobody has said that it is done.
 * @throws Error when the request is refused: then it is the request that is wrong
 */
async function ask(request: StopRequest): Promise<number | 'gone' | 'again'> {
  const status = await statusOf(request);
  if (status === null || status >= 500 || status === 429) return 'again';
  if (status === 404) return 'gone';
  if (status < 300) return status;
  throw new Error(`${request.method} of a stop was refused with ${status}`);
}

/** null: no answer. */
async function statusOf({ method, url, headers, body }: StopRequest): Promise<number | null> {
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    const answer = await fetch(url, { method, headers: { ...headers, connection: 'close' }, body, signal });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}
