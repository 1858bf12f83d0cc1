import type { MigrationPlan } from '../../domain/migration';
import type { SequenceStep } from '../../domain/sequence';
import { json, type Sql } from '../sql';

/** A lead, and how it goes on. */
export interface PlannedMove {
  enrollmentId: string;
  plan: MigrationPlan;
}

/**
 * Writes down where each lead goes on, with its line in the timeline (TRUTH-3). The caller holds the enrollments and the
 * planned touches, and has released what those held.
 */
export async function writePlans(
  sql: Sql,
  campaign: { id: string; clientId: string },
  { moves, sequence }: { moves: readonly PlannedMove[]; sequence: readonly SequenceStep[] },
  now: Date,
): Promise<void> {
  const rows = moves.map(({ enrollmentId, plan }) => ({
    enrollmentId,
    position: plan.position,
    fromStep: plan.fromStep,
    toStep: nextOf(plan, sequence),
    had: plan.had,
    leftOut: [...plan.behind, ...plan.had].map(({ step }) => step).join(', '),
  }));
  await moveLeads(sql, campaign, json(rows), now);
  await turnPlanned(sql, json(rows), json(sequence));
  await skipHad(sql, campaign, json(rows), now);
}

/** The first step of the sequence that is still to come; null: none. */
function nextOf({ fromStep, had }: MigrationPlan, sequence: readonly SequenceStep[]): number | null {
  const isHad = (step: number): boolean => had.some((one) => one.step === step);
  return sequence.find(({ step }) => step >= fromStep && !isHad(step))?.step ?? null;
}

/**
 * Day 0 is the day of step 1: it is known for whoever has left that behind, begins anew for whoever has not, and is today
 * for whoever is under way on a sequence that has no step 1 (SEQ-1, SEQ-6).
 */
async function moveLeads(sql: Sql, campaign: { clientId: string }, rows: string, now: Date): Promise<void> {
  await sql`
    WITH r AS (
      SELECT * FROM jsonb_to_recordset(${rows}::jsonb)
        AS r("enrollmentId" uuid, position int, "fromStep" int, "toStep" int, "leftOut" text)
    ), moved AS (
      UPDATE enrollment e SET from_step = r."fromStep", moved_at = ${now}::timestamptz, day0 = CASE
        WHEN r."toStep" = 1 THEN NULL
        WHEN e.status = 'active' THEN coalesce(e.day0, (${now}::timestamptz AT TIME ZONE l.timezone)::date)
        ELSE e.day0 END
      FROM r, lead l WHERE e.id = r."enrollmentId" AND l.id = e.lead_id
    )
    INSERT INTO timeline_entry (client_id, enrollment_id, at, what, reason, rule, numbers)
    SELECT ${campaign.clientId}::uuid, r."enrollmentId", ${now}::timestamptz, 'moved', 'moved to the default sequence',
      'MIG-2', jsonb_build_object('lastOwnStep', r.position, 'nextStep', r."toStep", 'skipped', r."leftOut")
    FROM r ORDER BY r."enrollmentId"`;
}

/**
 * What was planned for a step of the old sequence becomes the plan of the new one's step with that number, without slot and
 * text; one that the new sequence does not have is cancelled.
 */
async function turnPlanned(sql: Sql, rows: string, sequence: string): Promise<void> {
  await sql`
    WITH planned AS (
      SELECT t.id, s.channel
      FROM jsonb_to_recordset(${rows}::jsonb) AS r("enrollmentId" uuid, "fromStep" int)
      JOIN touch t ON t.enrollment_id = r."enrollmentId" AND t.status = 'planned'
      LEFT JOIN jsonb_to_recordset(${sequence}::jsonb) AS s(step int, channel text)
        ON s.step = t.step AND s.step >= r."fromStep"
    ), texts AS (
      DELETE FROM touch_text x USING planned p WHERE x.touch_id = p.id AND p.channel IS NOT NULL
    )
    UPDATE touch t SET channel = coalesce(p.channel, t.channel), sender_id = NULL, planned_for = NULL, days_waited = 0,
      waited_on = NULL, text_failures = 0, numbers = NULL,
      status = CASE WHEN p.channel IS NULL THEN 'cancelled' ELSE 'planned' END::"TouchStatus",
      reason = CASE WHEN p.channel IS NULL THEN 'moved to the default sequence' END,
      rule = CASE WHEN p.channel IS NULL THEN 'MIG-2' END
    FROM planned p WHERE t.id = p.id`;
}

/** Steps that the lead has had already, under another number: skipped, each with its reason. */
async function skipHad(sql: Sql, campaign: { id: string; clientId: string }, rows: string, now: Date): Promise<void> {
  await sql`
    WITH had AS (
      SELECT r."enrollmentId" AS enrollment_id, h.step, h.channel, h.reason, h.rule
      FROM jsonb_to_recordset(${rows}::jsonb) AS r("enrollmentId" uuid, had jsonb)
      CROSS JOIN LATERAL jsonb_to_recordset(r.had) AS h(step int, channel text, reason text, rule text)
    ), skipped AS (
      INSERT INTO touch (id, client_id, campaign_id, enrollment_id, step, channel, status, reason, rule)
      SELECT gen_random_uuid(), ${campaign.clientId}::uuid, ${campaign.id}::uuid, enrollment_id, step, channel, 'skipped',
        reason, rule
      FROM had ORDER BY enrollment_id, step
      ON CONFLICT (enrollment_id, step) DO UPDATE
        SET status = 'skipped', channel = EXCLUDED.channel, reason = EXCLUDED.reason, rule = EXCLUDED.rule
        WHERE touch.status = 'planned'
      RETURNING id, client_id, enrollment_id, step, reason, rule
    )
    INSERT INTO timeline_entry (client_id, enrollment_id, touch_id, step, at, what, reason, rule)
    SELECT client_id, enrollment_id, id, step, ${now}::timestamptz, 'skipped', reason, rule FROM skipped`;
}
