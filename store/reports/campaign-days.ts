import { byChannel, type Channel } from '../../domain/channels';
import type { Database } from '../database';

/** What happened on one client-local day. */
export interface DayOfCampaign {
  admitted: number;
  sent: Record<Channel, number>;
  replies: number;
  holds: number;
  bounces: number;
  optOuts: number;
  /** As it stands now, not on that day. */
  waiting: number;
  active: number;
  finished: number;
}

interface DayRow extends Omit<DayOfCampaign, 'sent'> {
  sent: Record<string, number>;
}

/** Counts what happened between two instants in all campaigns of a client. */
export async function readDay(database: Database, clientId: string, from: Date, to: Date): Promise<DayOfCampaign> {
  const [row] = await database.sql<DayRow>`
    WITH e AS (SELECT * FROM enrollment WHERE client_id = ${clientId}::uuid),
      t AS (SELECT channel, count(*) AS sent FROM touch WHERE client_id = ${clientId}::uuid
              AND sent_at >= ${from}::timestamptz AND sent_at < ${to}::timestamptz GROUP BY channel),
      s AS (SELECT x.what, x.reason FROM timeline_entry x JOIN e ON e.id = x.enrollment_id
            WHERE x.at >= ${from}::timestamptz AND x.at < ${to}::timestamptz AND x.what IN ('stopped', 'held', 'bounced'))
    SELECT (SELECT count(*) FROM e WHERE admitted_at >= ${from}::timestamptz AND admitted_at < ${to}::timestamptz)
        AS admitted,
      (SELECT coalesce(json_object_agg(channel, sent), '{}') FROM t) AS sent,
      (SELECT count(*) FROM s WHERE what = 'stopped' AND reason = 'reply') AS replies,
      (SELECT count(*) FROM s WHERE what = 'held') AS holds, (SELECT count(*) FROM s WHERE what = 'bounced') AS bounces,
      (SELECT count(*) FROM s WHERE reason IN ('unsubscribe', 'complaint', 'smsStop')) AS "optOuts",
      (SELECT count(*) FROM e WHERE status = 'waiting') AS waiting, (SELECT count(*) FROM e WHERE status = 'active') AS active,
      (SELECT count(*) FROM e WHERE status IN ('completed', 'stopped')) AS finished`;
  if (row === undefined) throw new Error('the day was not counted');
  return { ...row, sent: byChannel((channel) => row.sent[channel] ?? 0) };
}

/** Leads of a client's campaigns that are not finished yet. */
export async function countUnfinished(database: Database, clientId: string): Promise<number> {
  return database.enrollment.count({ where: { clientId, status: { in: ['waiting', 'active'] } } });
}
