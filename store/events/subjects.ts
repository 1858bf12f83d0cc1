import type { ProviderEvent } from '../../providers/ports';
import type { Transaction } from '../database';
import { normaliseFor } from '../leads/suppressions';

/** Whom an event is about. */
export interface EventSubject {
  clientId: string;
  leadId: string;
  enrollmentId: string | null;
  touchId: string | null;
}

/**
 * Finds whom an event is about: by our own reference, by the provider's, or by the person and the resource it came to.
 * Someone unknown gives an empty list; a person whom several clients know, when no resource tells them apart, gives
 * several, because a stop must not be lost.
 */
export async function findSubjects(tx: Transaction, event: ProviderEvent): Promise<EventSubject[]> {
  if (event.provider === 'unsubscribe-link') return findByUnsubscribeToken(tx, event.reference);
  const byTouch = await findByTouch(tx, event);
  return byTouch === null ? findByPerson(tx, event) : [byTouch];
}

/** The link in a mail names its lead exactly; its token is the event's reference. */
async function findByUnsubscribeToken(tx: Transaction, token: string | null): Promise<EventSubject[]> {
  if (token === null) return [];
  const lead = await tx.lead.findUnique({ where: { unsubscribeToken: token }, select: { id: true, clientId: true } });
  return lead === null ? [] : [{ clientId: lead.clientId, leadId: lead.id, enrollmentId: null, touchId: null }];
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

async function findByTouch(tx: Transaction, event: ProviderEvent): Promise<EventSubject | null> {
  const include = { enrollment: { select: { leadId: true } } } as const;
  const named = event.touchId !== null && uuid.test(event.touchId) ? event.touchId : null;
  const touch =
    (named === null ? null : await tx.touch.findUnique({ where: { id: named }, include })) ??
    (event.reference === null ? null : await tx.touch.findFirst({ where: { reference: event.reference }, include }));
  if (touch === null) return null;
  const { clientId, enrollmentId, id: touchId } = touch;
  return { clientId, leadId: touch.enrollment.leadId, enrollmentId, touchId };
}

async function findByPerson(tx: Transaction, event: ProviderEvent): Promise<EventSubject[]> {
  const clientId = await clientOfResource(tx, event.resource);
  const ofClient = clientId === null ? {} : { clientId };
  const person = event.person;
  if (person === null) return [];
  const clauses = [
    ...(person.email === undefined ? [] : [{ email: normaliseFor('email', person.email) }]),
    ...(person.phone === undefined ? [] : phoneClauses(person.phone)),
    ...(person.linkedinUrl === undefined ? [] : linkedInClauses(person.linkedinUrl)),
  ];
  if (clauses.length === 0) return [];
  // In one order, so that two events about the same people never wait for each other.
  const leads = await tx.lead.findMany({
    where: { ...ofClient, OR: clauses },
    orderBy: { id: 'asc' },
    select: { id: true, clientId: true },
  });
  return leads.map((lead) => ({ clientId: lead.clientId, leadId: lead.id, enrollmentId: null, touchId: null }));
}

function phoneClauses(number: string) {
  const wanted = normaliseFor('phone', number);
  return [{ mobile: wanted }, { phone: wanted }];
}

function linkedInClauses(url: string) {
  const slug = normaliseFor('linkedin', url).split('/').at(-1) ?? url;
  return [`/in/${slug}`, `/in/${slug}/`].map((path) => ({
    linkedinUrl: { endsWith: path, mode: 'insensitive' as const },
  }));
}

/** The client that owns the mailbox, number or seat that an event came to; null when it is not said or not ours. */
export async function clientOfResource(tx: Transaction, resource: ProviderEvent['resource']): Promise<string | null> {
  const select = { clientId: true } as const;
  if (resource?.mailbox !== undefined) {
    const address = normaliseFor('email', resource.mailbox);
    return (await tx.mailbox.findUnique({ where: { address }, select }))?.clientId ?? null;
  }
  if (resource?.number !== undefined) {
    const number = normaliseFor('phone', resource.number);
    return (await tx.phoneNumber.findUnique({ where: { number }, select }))?.clientId ?? null;
  }
  if (resource?.accountId !== undefined) {
    const { accountId } = resource;
    return (await tx.linkedInSeat.findUnique({ where: { accountId }, select }))?.clientId ?? null;
  }
  return null;
}
