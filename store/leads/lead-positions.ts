import { addDays, localDate } from '../../domain/calendar/local-date';
import { json, type Sql } from '../sql';
import type { ImportTarget } from './lead-draft';

/** A campaign that has left the sequence in which its leads' positions were told. */
export class CampaignMoved extends Error {
  override readonly name = 'CampaignMoved';
}

/**
 * MIG-1: writes down where the leads of an imported campaign stand, in the transaction that has enrolled them: what was
 * finished, when by the recipient's calendar, and which step is the next. Day 0 is counted back from the first step that
 * was done.
 * @throws CampaignMoved when the campaign has moved to the default sequence meanwhile
 */
export async function writePositions(
  sql: Sql,
  { campaignId, positions, now }: ImportTarget,
  leads: readonly { row: number; leadId: string; timezone: string }[],
): Promise<void> {
  const placed = leads.flatMap(({ row, leadId, timezone }) => {
    const position = positions?.get(row);
    if (position === undefined) return [];
    const finished = position.finished.map((step) => ({ ...step, doneOn: localDate(step.doneAt, timezone) }));
    const [first] = finished;
    const day0 = first === undefined ? null : addDays(first.doneOn, -first.day);
    return [{ leadId, fromStep: position.lastStep + 1, day0, finished }];
  });
  if (placed.length === 0) return;
  // The import shares the campaign's row, so that it does not move until the end of this transaction.
  const custom = await sql`SELECT 1 FROM campaign WHERE id = ${campaignId}::uuid AND NOT uses_default_sequence`;
  if (custom.length === 0) throw new CampaignMoved('the campaign has moved to the default sequence');
  await sql`
    WITH placed AS (
      SELECT e.id, e.client_id, r."fromStep" AS from_step, r.day0, r.finished
      FROM jsonb_to_recordset(${json(placed)}::jsonb) AS r("leadId" uuid, "fromStep" int, day0 date, finished jsonb)
      JOIN enrollment e ON e.lead_id = r."leadId" AND e.campaign_id = ${campaignId}::uuid
    ), moved AS (
      UPDATE enrollment e SET from_step = p.from_step, day0 = p.day0 FROM placed p WHERE e.id = p.id
    ), done AS (
      SELECT p.id AS enrollment_id, p.client_id, f.step, f.channel, f."doneAt" AS done_at, f."doneOn" AS done_on
      FROM placed p CROSS JOIN LATERAL
        jsonb_to_recordset(p.finished) AS f(step int, channel text, "doneAt" timestamptz, "doneOn" date)
    ), written AS (
      INSERT INTO finished_step (enrollment_id, client_id, step, channel, done_at, done_on)
      SELECT enrollment_id, client_id, step, channel, done_at, done_on FROM done
    )
    INSERT INTO timeline_entry (client_id, enrollment_id, step, at, what, reason, rule, numbers)
    SELECT client_id, enrollment_id, step, ${now}::timestamptz, 'imported', 'finished before the import', 'MIG-1',
      jsonb_build_object('channel', channel, 'doneAt', done_at, 'doneOn', done_on)
    FROM done ORDER BY enrollment_id, step`;
}
