import { randomUUID } from 'node:crypto';
import type { Database } from '../../store/database';
import { presentCredits } from '../../store/tenants/credits';
import { oneLead } from '../activities/engine-by-hand';

/** Statements that PostgreSQL must refuse, on rows of two clients. */
export interface TwoTenants {
  /**
   * Runs a statement in which `:myLead` stands for the id of my lead, `:theirLead` for another client's, and takes it back.
   * @returns the constraint that it broke, or 'nothing'
   */
  broken(statement: string): Promise<string>;
}

export async function twoTenants(database: Database): Promise<TwoTenants> {
  const names: Record<string, string> = { ...(await rowsOf(database, 'my')), ...(await rowsOf(database, 'their')) };
  const idOf = (name: string): string => {
    const id = names[name];
    if (id === undefined) throw new Error(`no row is called ${name}`);
    return `'${id}'`;
  };
  return {
    async broken(statement) {
      const sql = statement.replaceAll(/:((?:my|their)[A-Z]\w*)/g, (_, name: string) => idOf(name));
      const client = await database.pool.connect();
      try {
        await client.query('BEGIN');
        await client.query(sql);
        return 'nothing';
      } catch (error) {
        return (error as { constraint?: string }).constraint ?? String(error);
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    },
  };
}

/** A row of each kind, of a new client. */
async function rowsOf(database: Database, whose: 'my' | 'their'): Promise<Record<string, string>> {
  const { agency, enrollmentId, leadId } = await oneLead(database);
  const { clientId, campaignId, domainId, seatId, mailboxIds } = agency;
  const ids = { clientId, campaignId, enrollmentId };
  const touch = await database.touch.create({ data: { ...ids, step: 1, channel: 'email', status: 'planned' } });
  const at = new Date('2026-03-02T00:00:00Z');
  const event = await database.inboundEvent.create({
    data: {
      provider: 'mail',
      providerEventId: randomUUID(),
      kind: 'opened',
      occurredAt: at,
      receivedAt: at,
      payload: {},
    },
  });
  const inboxOf = { senderId: mailboxIds[0] ?? '', clientId };
  const account = { host: 'imap.example', port: 993, username: 'anna', password: 'a long password', secure: true };
  await database.inbox.create({ data: { ...inboxOf, ...account } });
  const { periodId } = await presentCredits(database.sql, clientId, at);
  const named = { Client: clientId, Campaign: campaignId, Enrollment: enrollmentId, Lead: leadId, Touch: touch.id };
  const resources = { Domain: domainId, Seat: seatId, Mailbox: mailboxIds[0] ?? '', Event: event.id, Period: periodId };
  return Object.fromEntries(Object.entries({ ...named, ...resources }).map(([name, id]) => [`${whose}${name}`, id]));
}

/** A hold of my touch. */
export const hold = (period: string, startsOn: string, endsAt: string, state = 'consumed'): string =>
  `INSERT INTO capacity_hold (touch_id, client_id, counter, resource_id, period, starts_on, state, ends_at)
   VALUES (:myTouch, :myClient, 'account_calls', :myMailbox, '${period}', ${startsOn}, '${state}', ${endsAt})`;

/** Changes my row of this name. */
export const set = (table: string, changes: string, id: string): string =>
  `UPDATE ${table} SET ${changes} WHERE id = :my${id}`;

/** An entry of my ledger. */
export const credit = (entry: {
  kind: string;
  amount: number;
  balance?: number;
  lead?: string;
  enrollment?: string;
  period?: string;
}): string =>
  `INSERT INTO credit_entry (client_id, period_id, kind, amount, balance, lead_id, enrollment_id, reason, at)
   VALUES (:myClient, ${entry.period ?? ':myPeriod'}, '${entry.kind}', ${entry.amount}, ${entry.balance ?? 1},
     ${entry.lead ?? 'NULL'}, ${entry.enrollment ?? 'NULL'}, 'x', now())`;

/** A change of health of a domain of mine, or of this one. */
export const healthChange = (sends: number, domain = ':myDomain'): string =>
  `INSERT INTO health_change (client_id, domain_id, at, kind, sends, bounces, complaints, unsubscribes)
   VALUES (:myClient, ${domain}, now(), 'halved', ${sends}, 0, 0, 0)`;
