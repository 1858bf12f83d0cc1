import type { FastifyPluginAsync } from 'fastify';
import type { Arrivals } from './arrivals';
import type { Now } from './clock';
import type { Resources, SimulatorConfig } from './config';
import type { Delivery } from './delivery';
import type { People } from './people';
import type { Population } from './population/population';
import type { OutgoingWebhook } from './webhook-request';
import type { InboxEntry, OutboxEntry } from './witness';
import type { ReactionFacts, ReactionKind } from './workflows/reaction-input';

/** One provider of the simulated world: its account, its face towards the engine, and what it tells the engine. */
export interface SimulatedProvider<Secret extends string = string> {
  /** As the logs call it. */
  name: string;
  /** The engine's account there; none where nothing has to be proven. */
  account?: Account<Secret>;
  /** Is it this provider that tells the engine of this? At most one is for each delivery and kind. */
  tells?(delivery: Delivery, kind: ReactionKind): boolean;
  /** Pauses in milliseconds before each repetition, when the engine answers 5xx or not at all. Default: none. */
  pauses?: readonly number[];
  /** A provider that has taken nothing yet. */
  open?(context: ProviderContext<Secret>): OpenProvider;
}

export interface Account<Secret extends string = string> {
  /** How each of its secrets is made. */
  secrets: Record<Secret, () => string>;
  /** The engine's variables that make it use this account: the simulator is only another place. */
  variables(secrets: Record<Secret, string>, places: Places): Record<string, string>;
}

export interface Places {
  smtpPort: number;
  /** The DNS's, by UDP and TCP. */
  dnsPort: number;
  /** Base URL of the HTTP APIs, without a slash at the end. */
  httpUrl: string;
}

/** A provider in one run; what it has taken is its own. */
export interface OpenProvider {
  /** Its HTTP API, told apart from the others' by its paths. */
  http?: { prefix: string; api: FastifyPluginAsync };
  /** What a test or an operator of the run changes in it, at /control/<name>. */
  control?: FastifyPluginAsync;
  /** The requests that tell the engine of a reaction, in order. */
  requests?(delivery: Delivery, event: EventContext): OutgoingWebhook[];
  /** A moment that it asked for by `wake`. */
  woken?(id: string): Promise<void>;
  /** After a restart: a request that it had accepted under this reference. */
  recall?(entry: OutboxEntry & { at: string }, reference: string): void;
  /** After a restart: an event that it had told. */
  recallEvent?(entry: InboxEntry & { at: string }): void;
}

/** What the providers share, and the secrets of the one that gets it. */
export interface ProviderContext<Secret extends string = string> {
  secrets: Record<Secret, string>;
  resources: Resources;
  linkedin: SimulatorConfig['linkedin'];
  salesforge: SimulatorConfig['salesforge'];
  /** Comes back to the provider, by `woken`, after so many milliseconds of the run's clock. An id is used once. */
  wake: (id: string, afterMs: number) => Promise<void>;
  people: People;
  /** Whom a search can find. */
  population: Population;
  /** Requests that a directory of people takes in a minute. */
  sourceRequestsPerMinute: number;
  now: Now;
  arrivals: Arrivals;
  seed: number;
}

/** What the builders of requests may know. */
export interface EventContext {
  kind: ReactionKind;
  facts: ReactionFacts;
  /** The run's time. */
  now: Date;
  /** Chooses words: stable by person and touch. */
  luck: number;
  engineBaseUrl: string;
}
