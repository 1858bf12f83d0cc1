import type { Channel } from '../../domain/channels';
import type { Prisma } from '../../prisma/generated/client';
import type { Database } from '../database';
import { nextPage, type Page, type PageRequest } from '../paging';

const shown = {
  id: true,
  enrollmentId: true,
  campaignId: true,
  enrollment: { select: { leadId: true } },
  step: true,
  channel: true,
  form: true,
  status: true,
  senderId: true,
  reference: true,
  claimedAt: true,
  reason: true,
  rule: true,
  lookUp: { select: { looks: true, lastLookAt: true, lastAnswer: true, nextLookAt: true } },
} as const satisfies Prisma.TouchSelect;

/** A touch of which nobody knows whether it was sent, and how the search for it goes; `lookUp` null: it has not begun. */
export type UncertainTouch = Prisma.TouchGetPayload<{ select: typeof shown }>;

/** The client's uncertain touches (TRUTH-1), by id. */
export async function listUncertainTouches(
  database: Database,
  clientId: string,
  page: PageRequest,
  filter: { campaignId?: string | undefined; channel?: Channel | undefined },
): Promise<Page<UncertainTouch>> {
  const rows = await database.touch.findMany({
    where: {
      clientId,
      status: 'uncertain',
      ...(filter.campaignId === undefined ? {} : { campaignId: filter.campaignId }),
      ...(filter.channel === undefined ? {} : { channel: filter.channel }),
      ...(page.after === null ? {} : { id: { gt: page.after } }),
    },
    select: shown,
    orderBy: { id: 'asc' },
    take: page.limit + 1,
  });
  return nextPage(rows, page.limit, (row) => row.id);
}
