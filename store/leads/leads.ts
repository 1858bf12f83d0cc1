import type { Prisma } from '../../prisma/generated/client';
import type { EnrollmentStatus } from '../../prisma/generated/enums';
import type { Database } from '../database';
import { nextPage, type Page, type PageRequest } from '../paging';

const erasedSuffix = '@erased.invalid';

/** What stands in place of an erased address; unique, and reaches nobody (RFC 2606). */
export const erasedAddress = (leadId: string): string => `${leadId}${erasedSuffix}`;
export const isErasedAddress = (email: string): boolean => email.endsWith(erasedSuffix);

const withEnrollments = {
  enrollments: {
    include: { touches: { orderBy: { step: 'asc' } }, finished: { orderBy: { step: 'asc' } } },
    orderBy: { position: 'asc' },
  },
} as const satisfies Prisma.LeadInclude;

/** A lead with its sequences and touches. */
export type LeadWithSequences = Prisma.LeadGetPayload<{ include: typeof withEnrollments }>;

/** One lead in one campaign. */
export type EnrolledLead = Prisma.EnrollmentGetPayload<{ include: { lead: true } }>;

/** @returns null when the client has no such lead, or it was erased */
export async function readLead(database: Database, clientId: string, id: string): Promise<LeadWithSequences | null> {
  return database.lead.findFirst({
    where: { id, clientId, NOT: { email: { endsWith: erasedSuffix } } },
    include: withEnrollments,
  });
}

/** The leads of a campaign in the order of import, without erased ones. */
export async function listCampaignLeads(
  database: Database,
  campaign: { clientId: string; id: string },
  page: PageRequest,
  filter: { status?: EnrollmentStatus; email?: string },
): Promise<Page<EnrolledLead>> {
  const rows = await database.enrollment.findMany({
    where: {
      campaignId: campaign.id,
      clientId: campaign.clientId,
      lead: {
        NOT: { email: { endsWith: erasedSuffix } },
        ...(filter.email === undefined ? {} : { email: filter.email }),
      },
      ...(filter.status === undefined ? {} : { status: filter.status }),
    },
    include: { lead: true },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
    take: page.limit + 1,
    ...(page.after === null ? {} : { cursor: { id: page.after }, skip: 1 }),
  });
  return nextPage(rows, page.limit, (row) => row.id);
}

/**
 * Whose unsubscribe link this is: the address, and a mailbox of the client that the mail came from, which tells clients
 * apart who know the same person. An erased lead's as well, so that old mails' links go on working.
 */
export async function unsubscriberOf(
  database: Database,
  token: string,
): Promise<{ email: string; mailbox: string | null } | null> {
  const lead = await database.lead.findUnique({
    where: { unsubscribeToken: token },
    select: { email: true, clientId: true },
  });
  if (lead === null) return null;
  const mailbox = await database.sender.findFirst({
    where: { clientId: lead.clientId, kind: 'mailbox' },
    select: { address: true },
  });
  return { email: lead.email, mailbox: mailbox?.address ?? null };
}
