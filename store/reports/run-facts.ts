import type { Sql } from '../sql';

/** A touch as the engine knows it at the end of a run. */
export interface TouchFate {
  touchId: string;
  leadId: string;
  clientId: string;
  step: number;
  channel: string;
  status: string;
  reason: string | null;
  slotAt: Date | null;
  claimedAt: Date | null;
}

/** Every touch that was claimed, of all clients: for whoever holds a run's witness against the engine's account. */
export function readTouchFates(sql: Sql): Promise<TouchFate[]> {
  return sql<TouchFate>`
    SELECT t.id AS "touchId", e.lead_id AS "leadId", t.client_id AS "clientId", t.step, t.channel, t.status::text,
      t.reason, t.slot_at AS "slotAt", t.claimed_at AS "claimedAt"
    FROM touch t JOIN enrollment e ON e.id = t.enrollment_id
    WHERE t.claimed_at IS NOT NULL`;
}

/** Which of these events of a provider are stored? */
export async function storedEvents(sql: Sql, provider: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }>`
    SELECT provider_event_id AS id FROM inbound_event
    WHERE provider = ${provider} AND provider_event_id = ANY (${ids}::text[])`;
  return new Set(rows.map(({ id }) => id));
}

/** Somebody to whom a touch leaves soon. */
export interface DueLead {
  leadId: string;
  clientId: string;
  email: string;
  slotAt: Date;
}

/** To whom touches leave between two instants. */
export function readDueLeads(sql: Sql, from: Date, until: Date): Promise<DueLead[]> {
  return sql<DueLead>`
    SELECT e.lead_id AS "leadId", t.client_id AS "clientId", l.email, t.slot_at AS "slotAt"
    FROM touch t JOIN enrollment e ON e.id = t.enrollment_id JOIN lead l ON l.id = e.lead_id
    WHERE t.status = 'planned' AND t.slot_at BETWEEN ${from} AND ${until} AND e.status = 'active'
    ORDER BY t.slot_at, t.id LIMIT 200`;
}

/** What is under way: touches that are being sent since before an instant, and messages that are owed. */
export async function readUnsettled(sql: Sql, since: Date): Promise<{ sending: number; owed: number }> {
  const [row] = await sql<{ sending: number; owed: number }>`
    SELECT (SELECT count(*)::int FROM touch WHERE status = 'sending' AND claimed_at <= ${since}) AS sending,
      (SELECT count(*)::int FROM outbox
        WHERE delivered_at IS NULL AND gave_up_at IS NULL AND created_at <= ${since}) AS owed`;
  return row ?? { sending: 0, owed: 0 };
}
