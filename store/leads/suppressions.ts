import { createHmac } from 'node:crypto';
import { canonical, domainWithParents, type IdentifierKind } from '../../domain/canonical';
import type { SuppressionScope } from '../../prisma/generated/enums';
import type { Database } from '../database';
import type { Sql } from '../sql';
import { nextPage, type Page, type PageRequest } from '../paging';

export type SuppressionKind = IdentifierKind;
export type { SuppressionScope };

/** A suppressed person or domain. `value` is null once it was erased; the hash goes on blocking. */
export interface SuppressionRecord {
  id: string;
  kind: SuppressionKind;
  value: string | null;
  scope: SuppressionScope;
  reason: string;
  createdAt: Date;
}

/** What can be suppressed about a lead. */
export interface SuppressiblePerson {
  email: string;
  companyDomain: string | null;
  phone: string | null;
  mobile: string | null;
  linkedinUrl: string | null;
}

/** The keyed hash under which a value is suppressed: it outlives the value (hexadecimal HMAC-SHA256). */
export function suppressionHash(secretKey: string, kind: SuppressionKind, value: string): string {
  return createHmac('sha256', secretKey)
    .update(`${kind}\n${canonical(kind, value)}`)
    .digest('hex');
}

/** Every hash that would block this lead: address, domains with their parents, numbers and profile (SEQ-5, CTL-3). */
export function leadSuppressionHashes(secretKey: string, lead: SuppressiblePerson): string[] {
  return hashesOf(lead, (kind, value) => suppressionHash(secretKey, kind, value));
}

/** The same for many leads, who share their companies' domains. Its memory grows with the domains. */
export function rememberedHashes(secretKey: string): (lead: SuppressiblePerson) => string[] {
  const domains = new Map<string, string>();
  const hash: HashOf = (kind, value) => {
    if (kind !== 'domain') return suppressionHash(secretKey, kind, value);
    const known = domains.get(value) ?? suppressionHash(secretKey, kind, value);
    domains.set(value, known);
    return known;
  };
  return (lead) => hashesOf(lead, hash);
}

type HashOf = (kind: SuppressionKind, value: string) => string;

function hashesOf(lead: SuppressiblePerson, hash: HashOf): string[] {
  const numbers = [lead.phone, lead.mobile].filter((number) => number !== null);
  return [
    hash('email', lead.email),
    ...domainsOf(lead).map((domain) => hash('domain', domain)),
    ...numbers.map((number) => hash('phone', number)),
    ...(lead.linkedinUrl === null ? [] : [hash('linkedin', lead.linkedinUrl)]),
  ];
}

/** mail.acme.example is blocked by acme.example as well. */
function domainsOf(lead: SuppressiblePerson): string[] {
  const own = [lead.email.split('@')[1], lead.companyDomain];
  return [...new Set(own.flatMap((domain) => (domain ? domainWithParents(domain) : [])))];
}

export interface NewSuppression {
  clientId: string;
  kind: SuppressionKind;
  /** The value itself. */
  value: string;
  /** Keep the value readable beside its hash? false after an erasure. */
  keepValue: boolean;
  scope: SuppressionScope;
  reason: string;
  now: Date;
}

/**
 * Suppresses a value for a client. One that is suppressed already stays so; an e-mail-only block is widened to every
 * channel when `scope` says so, never narrowed (SEQ-5: for ever).
 * @returns the suppression as it now stands, and whether this call made it
 */
export async function addSuppression(
  sql: Sql,
  secretKey: string,
  suppression: NewSuppression,
): Promise<SuppressionRecord & { created: boolean }> {
  const { clientId, kind, scope, reason, now } = suppression;
  const value = suppression.keepValue ? canonical(kind, suppression.value) : null;
  const [row] = await sql<SuppressionRecord & { created: boolean }>`
    INSERT INTO suppression AS s (id, client_id, kind, value_hash, value, scope, reason, created_at)
    VALUES (gen_random_uuid(), ${clientId}::uuid, ${kind}::"SuppressionKind",
      ${suppressionHash(secretKey, kind, suppression.value)}, ${value}, ${scope}::"SuppressionScope", ${reason}, ${now})
    ON CONFLICT (client_id, kind, value_hash) DO UPDATE SET
      reason = CASE WHEN s.scope = 'email' AND EXCLUDED.scope = 'all' THEN EXCLUDED.reason ELSE s.reason END,
      scope = CASE WHEN EXCLUDED.scope = 'all' THEN EXCLUDED.scope ELSE s.scope END
    RETURNING id, kind, value, scope, reason, created_at AS "createdAt", (xmax = 0) AS created`;
  if (row === undefined) throw new Error('the suppression was not stored');
  return row;
}

/** A lead's own identifiers. The office's switchboard (`phone`) is not the person's own; colleagues may be called on it. */
export function personalIdentifiers(lead: {
  email: string;
  mobile: string | null;
  linkedinUrl: string | null;
}): { kind: SuppressionKind; value: string }[] {
  return [
    { kind: 'email' as const, value: lead.email },
    { kind: 'phone' as const, value: lead.mobile },
    { kind: 'linkedin' as const, value: lead.linkedinUrl },
  ].flatMap(({ kind, value }) => (value === null ? [] : [{ kind, value }]));
}

/** A client's suppressions, oldest first. */
export async function listSuppressions(
  database: Database,
  clientId: string,
  page: PageRequest,
  kind?: SuppressionKind,
): Promise<Page<SuppressionRecord>> {
  const rows = await database.suppression.findMany({
    where: { clientId, ...(kind === undefined ? {} : { kind }) },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: page.limit + 1,
    ...(page.after === null ? {} : { cursor: { id: page.after }, skip: 1 }),
  });
  return nextPage(rows, page.limit, (row) => row.id);
}

/** Which of these hashes are suppressed for the client. */
export async function suppressedAmong(sql: Sql, clientId: string, hashes: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ hash: string }>`
    SELECT value_hash AS hash FROM suppression
    WHERE client_id = ${clientId}::uuid AND value_hash = ANY (${hashes}::text[])`;
  return new Set(rows.map((row) => row.hash));
}
