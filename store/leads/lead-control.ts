import type { Prisma } from '../../prisma/generated/client';
import type { SuppressionKind } from '../../prisma/generated/enums';
import type { Database, Transaction } from '../database';
import { erasedAddress, isErasedAddress } from './leads';
import { stopLead } from '../enrollments/stops';
import { addSuppression, normaliseFor, suppressionHash } from './suppressions';

/** CTL-3: stops every open sequence of a lead. @returns how many were stopped; null when there is no such lead */
export async function stopLeadOnRequest(
  database: Database,
  owner: { clientId: string; leadId: string },
  now: Date,
): Promise<number | null> {
  return database.$transaction(async (tx) => {
    if ((await tx.lead.count({ where: { id: owner.leadId, clientId: owner.clientId } })) === 0) return null;
    const stop = { reason: 'stopped by the user', rule: 'CTL-3', signal: 'leadWoken', now } as const;
    return stopLead(tx, owner.leadId, stop);
  });
}

/**
 * Erases a person: stops every sequence, blanks what is personal in Lead, TouchText and InboundEvent, and keeps only
 * keyed hashes, so that the person is not contacted again if the same address is imported later. Touches stay, as ids.
 * @returns false when there is no such lead
 */
export async function eraseLead(
  database: Database,
  secretKey: string,
  owner: { clientId: string; leadId: string },
  now: Date,
): Promise<boolean> {
  const { clientId, leadId } = owner;
  return database.$transaction(async (tx) => {
    const lead = await tx.lead.findFirst({ where: { id: leadId, clientId } });
    if (lead === null) return false;
    if (isErasedAddress(lead.email)) return true;
    await stopLead(tx, leadId, { reason: 'erased on request', rule: 'CTL-3', signal: 'leadUnsubscribed', now });
    // The office's switchboard (`phone`) is not the person's own; colleagues may be called on it.
    for (const [kind, value] of personalIdentifiers(lead))
      await suppressErased(tx, secretKey, clientId, kind, value, now);
    await blankLead(tx, leadId);
    await blankTexts(tx, clientId, leadId);
    return true;
  });
}

function personalIdentifiers(lead: { email: string; mobile: string | null; linkedinUrl: string | null }) {
  const identifiers: [SuppressionKind, string | null][] = [
    ['email', lead.email],
    ['phone', lead.mobile],
    ['linkedin', lead.linkedinUrl],
  ];
  return identifiers.filter((entry): entry is [SuppressionKind, string] => entry[1] !== null);
}

async function suppressErased(
  tx: Transaction,
  secretKey: string,
  clientId: string,
  kind: SuppressionKind,
  value: string,
  now: Date,
): Promise<void> {
  const scope = 'all' as const;
  await addSuppression(tx, secretKey, { clientId, kind, value, keepValue: false, scope, reason: 'erased', now });
  const valueHash = suppressionHash(secretKey, kind, value);
  await tx.suppression.updateMany({ where: { clientId, kind, valueHash }, data: { value: null } });
}

async function blankLead(tx: Transaction, leadId: string): Promise<void> {
  await tx.lead.update({
    where: { id: leadId },
    data: {
      email: erasedAddress(leadId),
      firstName: null,
      lastName: null,
      title: null,
      company: null,
      companyDomain: null,
      companySize: null,
      industry: null,
      phone: null,
      mobile: null,
      linkedinUrl: null,
      city: null,
      state: null,
      score: null,
    },
  });
}

async function blankTexts(tx: Transaction, clientId: string, leadId: string): Promise<void> {
  await tx.touchText.updateMany({
    where: { clientId, touch: { enrollment: { leadId } } },
    data: { content: {} satisfies Prisma.InputJsonObject },
  });
  const enrollments = await tx.enrollment.findMany({ where: { leadId }, select: { id: true } });
  const enrollmentId = { in: enrollments.map((enrollment) => enrollment.id) };
  await tx.inboundEvent.updateMany({
    where: { clientId, OR: [{ leadId }, { enrollmentId }] },
    data: { payload: {} satisfies Prisma.InputJsonObject },
  });
}

/**
 * Stops every open sequence of the leads that a new suppression is about (CTL-3, SEQ-5). The suppression itself is a
 * committed fact by then, which the gate reads.
 * @returns how many sequences were stopped
 */
export async function stopSuppressed(
  database: Database,
  suppression: { clientId: string; kind: SuppressionKind; value: string },
  now: Date,
): Promise<number> {
  const ids = await leadsAbout(database, suppression);
  const stop = { reason: 'suppressed by the user', rule: 'CTL-3', signal: 'leadUnsubscribed', now } as const;
  let stopped = 0;
  for (const id of ids) stopped += await database.$transaction((tx) => stopLead(tx, id, stop));
  return stopped;
}

async function leadsAbout(
  database: Database,
  { clientId, kind, value }: { clientId: string; kind: SuppressionKind; value: string },
): Promise<string[]> {
  const wanted = normaliseFor(kind, value);
  const open = { some: { status: { in: ['waiting' as const, 'active' as const] } } };
  const leads = await database.lead.findMany({
    where: { clientId, enrollments: open, ...roughMatch(kind, wanted) },
    select: { id: true, email: true, companyDomain: true, phone: true, mobile: true, linkedinUrl: true },
  });
  const matches = (candidate: string | null): boolean => candidate !== null && normaliseFor(kind, candidate) === wanted;
  const within = (domain: string | null | undefined): boolean =>
    `.${normaliseFor('domain', domain ?? '')}`.endsWith(`.${wanted}`);
  const isAbout = (lead: (typeof leads)[number]): boolean => {
    switch (kind) {
      case 'email':
        return matches(lead.email);
      case 'domain':
        return within(lead.email.split('@')[1]) || within(lead.companyDomain);
      case 'phone':
        return matches(lead.phone) || matches(lead.mobile);
      case 'linkedin':
        return matches(lead.linkedinUrl);
    }
  };
  return leads.filter(isAbout).map((lead) => lead.id);
}

/** What the database can tell about a match; the spelling is compared exactly afterwards. */
function roughMatch(kind: SuppressionKind, wanted: string): Prisma.LeadWhereInput {
  switch (kind) {
    case 'email':
      return { email: wanted };
    case 'domain':
      return { OR: [{ email: { endsWith: wanted } }, { companyDomain: { contains: wanted, mode: 'insensitive' } }] };
    case 'phone':
      return { OR: [{ phone: wanted }, { mobile: wanted }] };
    case 'linkedin':
      return { linkedinUrl: { not: null } };
  }
}
