import { randomUUID } from 'node:crypto';
import type { Database } from '../../store/database';
import { createLeads, type Agency } from './fixtures';

/** So many first mails of an agency's first mailbox, sent at one moment. */
export async function sendMails(
  database: Database,
  agency: Agency,
  count: number,
  at: Date,
): Promise<{ touchId: string; leadId: string; token: string }[]> {
  const enrollments = await createLeads(database, agency, count);
  const rows = await database.enrollment.findMany({ where: { id: { in: enrollments } }, include: { lead: true } });
  const mails = rows.map((row) => ({
    touchId: randomUUID(),
    enrollmentId: row.id,
    leadId: row.leadId,
    token: row.lead.unsubscribeToken,
  }));
  const { clientId, campaignId } = agency;
  const sent = {
    status: 'sent' as const,
    sentAt: at,
    claimedAt: at,
    sentOn: at,
    fence: 1,
    senderId: agency.mailboxIds[0] ?? '',
  };
  await database.touch.createMany({
    data: mails.map(({ touchId: id, enrollmentId }) => ({
      id,
      enrollmentId,
      clientId,
      campaignId,
      step: 1,
      channel: 'email',
      ...sent,
    })),
  });
  return mails;
}
