import type { LeadSignalName } from '../../domain/event-effects';
import type { Sql } from '../sql';

/** Why a lead's sequences stop, and the signal that tells their workflows. */
export interface Stop {
  reason: string;
  rule: string;
  signal: LeadSignalName;
}

/** What a stop did. */
export interface Stopped {
  /** How many sequences this call stopped. */
  sequences: number;
  /** What is owed to their workflows now. */
  outboxIds: string[];
}

/** Stops every open sequence of a lead (SEQ-3, SEQ-5, CTL-3), in the caller's transaction. Idempotent. */
export async function stopLead(sql: Sql, leadId: string, stop: Stop, now: Date): Promise<Stopped> {
  const rows = await sql<{ outboxId: string | null }>`
    SELECT outbox_id AS "outboxId"
    FROM stop_lead(${leadId}::uuid, ${stop.reason}, ${stop.rule}, ${stop.signal}, ${now})`;
  return { sequences: rows.length, outboxIds: rows.flatMap((row) => row.outboxId ?? []) };
}
