import type { Because } from '../../domain/facts';
import { json, type Sql } from '../sql';

/** What can happen in the timeline of a lead. */
export type TimelineWord =
  | 'imported'
  | 'sourced'
  | 'enriched'
  | 'moved'
  | 'scored'
  | 'admitted'
  | 'planned'
  | 'delayed'
  | 'written'
  | 'sent'
  | 'uncertain'
  | 'failed'
  | 'skipped'
  | 'held'
  | 'waiting'
  | 'bounced'
  | 'stopped'
  | 'completed';

export interface TimelineEntry extends Because {
  clientId: string;
  enrollmentId: string;
  touchId?: string | null;
  step?: number | null;
  at: Date;
  what: TimelineWord;
}

/** TRUTH-3: adds to the timeline of a lead, in the transaction that makes it true. */
export async function tell(sql: Sql, ...entries: TimelineEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    INSERT INTO timeline_entry (client_id, enrollment_id, touch_id, step, at, what, reason, rule, numbers)
    SELECT r."clientId", r."enrollmentId", r."touchId", r.step, r.at, r.what, r.reason, r.rule, coalesce(r.numbers, '{}')
    FROM jsonb_to_recordset(${json(entries)}::jsonb) AS r("clientId" uuid, "enrollmentId" uuid, "touchId" uuid, step int,
      at timestamptz, what text, reason text, rule text, numbers jsonb)`;
}
