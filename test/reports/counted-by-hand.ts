import type { CountRow } from '../../domain/metrics/tables';
import type { Database } from '../../store/database';
import type { MetricsQuery } from '../../store/reports/read-metrics';

type Row = Omit<CountRow, 'breakdown'> & { breakdown: string };

/**
 * The counts of MET by reading every fact one by one, with other means than the engine's: what the sums must come to.
 * MET-2 is counted as leads.
 */
export async function countByHand(database: Database, query: MetricsQuery): Promise<Row[]> {
  const { clientId, campaignId, domainId, from, to } = query;
  const touches = await touchesByHand(database, clientId);
  const wanted = touches.filter(
    (touch) =>
      (campaignId === null || touch.campaignId === campaignId) &&
      (domainId === null || touch.domainId === domainId) &&
      (from === null || touch.sentOn >= from) &&
      (to === null || touch.sentOn <= to),
  );
  const rows = new Map<string, Row>();
  const leads = new Map<string, Set<string>>();
  for (const touch of wanted) {
    for (const [breakdown, key] of Object.entries(touch.keys)) {
      const id = `${breakdown} ${key}`;
      const row = rows.get(id) ?? { breakdown, key, ...none };
      for (const name of names) row[name] += touch.counts[name];
      rows.set(id, row);
    }
    for (const what of ['touched', ...(touch.counts.replied === 1 ? ['replied'] : [])]) {
      const id = `${what} ${touch.keys.step}`;
      leads.set(id, (leads.get(id) ?? new Set()).add(touch.leadId));
    }
  }
  for (const row of rows.values()) {
    if (row.breakdown !== 'step') continue;
    row.sent = leads.get(`touched ${row.key}`)?.size ?? 0;
    row.replied = leads.get(`replied ${row.key}`)?.size ?? 0;
  }
  return [...rows.values()];
}

const none = { sent: 0, bounced: 0, opensMeasured: 0, opened: 0, openedAutomatically: 0, replied: 0, stopped: 0 };
const names = Object.keys(none) as (keyof typeof none)[];

async function touchesByHand(database: Database, clientId: string) {
  const client = await database.client.findUniqueOrThrow({ where: { id: clientId } });
  const touches = await database.touch.findMany({
    where: { clientId, status: { in: ['sent', 'uncertain'] } },
    include: {
      enrollment: { include: { lead: true } },
      sender: { include: { mailbox: { include: { domain: true } } } },
    },
    orderBy: [{ sentAt: 'asc' }, { step: 'asc' }],
  });
  const subjects = await database.eventSubject.findMany({ where: { clientId }, include: { event: true } });
  const kinds = new Map<string, Set<string>>(touches.map(({ id }) => [id, new Set()]));
  for (const { leadId, touchId, event } of subjects) {
    const own = touches.filter((touch) => touch.enrollment.leadId === leadId);
    const before = (at: Date) => own.filter(({ sentAt }) => sentAt !== null && sentAt.getTime() <= at.getTime()).at(-1);
    const target = touchId ?? (before(event.occurredAt) ?? before(event.receivedAt))?.id ?? '';
    const payload = event.payload as { facts?: { automatic?: boolean } };
    kinds.get(target)?.add(event.kind === 'opened' && payload.facts?.automatic ? 'automatic' : event.kind);
  }
  const opens = subjects.filter(({ event }) => event.kind === 'opened').map(({ touchId }) => touchId);
  const domainOf = (touch: (typeof touches)[number]) => touch.sender?.mailbox?.domain ?? null;
  const told = new Set(touches.filter(({ id }) => opens.includes(id)).map((touch) => domainOf(touch)?.id));
  return touches.map((touch) => {
    const domain = domainOf(touch);
    const { lead } = touch.enrollment;
    const sentAt = touch.sentAt ?? new Date(NaN);
    const sentOn = sentAt.toLocaleDateString('sv', { timeZone: client.timezone });
    const own = kinds.get(touch.id) ?? new Set();
    const bounced = own.has('hardBounce') || own.has('softBounce');
    const measured = domain !== null && told.has(domain.id) && !bounced;
    const counts = {
      sent: 1,
      bounced: Number(bounced),
      opensMeasured: Number(measured),
      opened: Number(measured && own.has('opened')),
      openedAutomatically: Number(measured && own.has('automatic') && !own.has('opened')),
      replied: Number(own.has('reply')),
      stopped: Number(['unsubscribe', 'complaint', 'smsStop'].some((kind) => own.has(kind))),
    };
    const days = domain === null ? NaN : (Date.parse(sentOn) - domain.warmupStartedAt.getTime()) / 86_400_000;
    const [hour, minute = '0'] = sentAt
      .toLocaleTimeString('sv', { timeZone: lead.timezone, hour: '2-digit', minute: '2-digit' })
      .split(':');
    const quarter = `${hour}:${String(Number(minute) - (Number(minute) % 15)).padStart(2, '0')}`;
    const mail = domain === null ? {} : { sendTime: quarter, warmUpDay: String(days) };
    return {
      campaignId: touch.campaignId,
      domainId: domain?.id ?? null,
      leadId: lead.id,
      sentOn,
      admittedOn: touch.enrollment.admittedAt?.toLocaleDateString('sv', { timeZone: client.timezone }) ?? '',
      keys: { step: String(touch.step), channel: touch.channel, ...mail },
      counts,
    };
  });
}
