/**
 * Everything that workflows, activities, the API and operators must spell alike: ids, task queues, messages,
 * search attributes, inputs and results. Payloads are one plain-JSON object each and only ever grow.
 * They carry ids and facts, never personal data (TRUTH-6).
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { channels, type Channel } from '../domain/channels';
import type { LeadSignalName } from '../domain/event-effects';

/** Task queues: workflows, planning and admission, and one per channel so that each can be throttled on its own. */
export const taskQueues = { sequences: 'sequences', preparation: 'preparation' } as const;
export const deliveryQueue = (channel: Channel): string => `deliver-${channel}`;
export const deliveryQueues: readonly string[] = channels.map(deliveryQueue);

export const workflowTypes = {
  leadSequence: 'leadSequence',
  campaign: 'campaign',
  maintenance: 'maintenance',
} as const;

/** The one workflow of an enrollment (SEQ-8, TRUTH-1). */
export const leadWorkflowId = (enrollmentId: string): string => `lead-${enrollmentId}`;
/** The one workflow of an active campaign. */
export const campaignWorkflowId = (campaignId: string): string => `campaign-${campaignId}`;

/** The one workflow that keeps house, for all clients. */
export const maintenanceWorkflowId = 'maintenance';

/** Search attributes: opaque ids and words of the specification only. */
export const searchAttributes = {
  clientId: 'AgencyClientId',
  campaignId: 'AgencyCampaignId',
  status: 'AgencyStatus',
  step: 'AgencyStep',
  channel: 'AgencyChannel',
} as const;

export interface LeadSequenceInput {
  enrollmentId: string;
  campaignId: string;
  clientId: string;
}

/**
 * What `prepare` and `deliver` tell a lead's workflow to do next: deliver a touch, wait, or finish. `wakeAt` is in epoch
 * milliseconds of the workflow's own clock, so that the workflow only subtracts (TIME-4); null waits for a signal alone.
 */
export type NextMove =
  | { kind: 'deliver'; touchId: string; step: number; channel: Channel; wakeAt: number; label: string }
  | { kind: 'wait'; wakeAt: number | null; label: string }
  | { kind: 'finish'; status: 'completed' | 'stopped'; reason: string };

/** A move as it stands in a history: those of version 0.1 say `do` instead of `kind`. */
export type StoredMove = NextMove | { do: NextMove['kind'] };

export interface PrepareInput {
  enrollmentId: string;
}

export interface DeliverInput {
  enrollmentId: string;
  touchId: string;
}

/** What a signal carries: the id under which it was owed. The facts themselves are in the database. */
export interface FactStored {
  id: string;
}

export const leadRepliedSignal = defineSignal<[FactStored]>('leadReplied');
export const emailBouncedSignal = defineSignal<[FactStored]>('emailBounced');
export const leadUnsubscribedSignal = defineSignal<[FactStored]>('leadUnsubscribed');
/** Something else changed (resume, operator's stop, automatic reply): plan again. */
export const leadWokenSignal = defineSignal<[FactStored]>('leadWoken');

export interface SequenceStatus {
  state: 'preparing' | 'waiting' | 'delivering' | 'finished';
  step: number | null;
  channel: Channel | null;
  /** What the lead waits for, e.g. "step 2 voice · Tue 09:14 Sydney". */
  waitingFor: string | null;
  deliveries: number;
  lastSignal: LeadSignalName | null;
}

export const sequenceStatusQuery = defineQuery<SequenceStatus>('sequenceStatus');

export interface CampaignInput {
  campaignId: string;
  clientId: string;
  /** Set when the workflow continues as new. */
  carriedOver?: { state: CampaignState; admitted: number };
}

export type CampaignState = 'active' | 'paused' | 'completed';

export interface CampaignStatusView {
  state: CampaignState;
  admitted: number;
  nextAdmissionAt: number | null;
}

/**
 * The fact is committed before the update is sent; the update tells the workflow, which then wakes its leads.
 * Each is idempotent; only a completed campaign refuses (its workflow has ended).
 */
export const pauseCampaignUpdate = defineUpdate<CampaignState>('pauseCampaign');
export const resumeCampaignUpdate = defineUpdate<CampaignState>('resumeCampaign');
export const completeCampaignUpdate = defineUpdate<CampaignState>('completeCampaign');
/** New leads were imported: admit now, do not wait for tomorrow. */
export const leadsImportedSignal = defineSignal<[FactStored]>('leadsImported');
export const campaignStatusQuery = defineQuery<CampaignStatusView>('campaignStatus');

export interface AdmitInput {
  campaignId: string;
}

export interface AdmitResult {
  /** As the database has it: updates that crossed each other on the way do no harm. */
  state: CampaignState;
  /** Of this campaign, since the activity began. */
  admitted: number;
  /** Of this campaign in all: another campaign's admission may have admitted its leads. Absent before version 0.3. */
  admittedInAll?: number;
  /** When to admit next, epoch milliseconds of the workflow's clock. */
  nextAt: number;
}

/** Something changed that the maintenance looks after: look now, do not wait for the interval. */
export const lookNowSignal = defineSignal<[FactStored]>('lookNow');

export interface KeepHouseInput {
  /** Did somebody ask for a look, so that chores that answer one are done now? */
  asked: boolean;
}

export interface KeepHouseResult {
  /** When to look next, epoch milliseconds of the workflow's clock. */
  nextAt: number;
}

/** The activities as workflows see them (types only; implemented in activities/). */
export interface PreparationActivities {
  prepare(input: PrepareInput): Promise<NextMove>;
  admit(input: AdmitInput): Promise<AdmitResult>;
  /** Ends waiting leads when the campaign is completed; owes every active lead a leadWoken and delivers it. */
  wakeLeads(input: AdmitInput): Promise<void>;
  /** Does the chores of the maintenance that are due. Version 0.3 gave no input, and means a look that was asked for. */
  keepHouse(input?: KeepHouseInput): Promise<KeepHouseResult>;
}

export interface DeliveryActivities {
  deliver(input: DeliverInput): Promise<NextMove>;
}

/** Failure types that a retry cannot fix. */
export const failureTypes = { notFound: 'NotFound' } as const;
