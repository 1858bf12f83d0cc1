/** Which records a domain has; by default all of them. */
export interface DomainRecords {
  spf: boolean;
  dkim: boolean;
  dmarc: boolean;
}

/** By domain, in lower case. */
export type Zones = Readonly<Record<string, DomainRecords>>;

/** noSuchName: the domain name does not exist (NXDOMAIN). Otherwise the records of the asked type, perhaps none. */
export type ZoneAnswer =
  | { kind: 'noSuchName' }
  | { kind: 'txt'; strings: string[] }
  | { kind: 'mx'; exchange: string }
  | { kind: 'address'; address: string }
  | { kind: 'nothing' };

/** The selector that the mailboxes' host signs with. */
export const selector = 's1';

/** A key of 2,048 bits in form: nobody signs with it. Longer than one string of a TXT record may be. */
const key = `MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA${'simulatedKey0123456789+/'.repeat(14)}simulatedKey0wIDAQAB`;

const everything: DomainRecords = { spf: true, dkim: true, dmarc: true };
const noSuchName = { kind: 'noSuchName' } as const;

/**
 * What the simulated DNS says: every name below `.example` exists, takes mail, and has the records that its domain has.
 * Of the rest of the world it says where mail is taken: the simulated prospects live wherever the CSV says.
 * @param name in lower case, without a dot at the end
 */
export function answerOf(zones: Zones, name: string, type: string): ZoneAnswer {
  if (!name.endsWith('.example')) {
    return type === 'MX' && !name.endsWith('.invalid') ? { kind: 'mx', exchange: `mx.${name}` } : noSuchName;
  }
  const [, label, domain = name] = /^(?:(.+\._domainkey|_dmarc)\.)?(.+)$/.exec(name) ?? [];
  const has = zones[domain] ?? everything;
  if (label === undefined) return ofDomain(name, has, type);
  const wanted = label === '_dmarc' ? has.dmarc : has.dkim && label === `${selector}._domainkey`;
  if (!wanted) return noSuchName;
  if (type !== 'TXT') return { kind: 'nothing' };
  if (label === '_dmarc') return { kind: 'txt', strings: [`v=DMARC1; p=none; rua=mailto:dmarc@${domain}`] };
  return { kind: 'txt', strings: stringsOf(`v=DKIM1; k=rsa; p=${key}`) };
}

function ofDomain(name: string, has: DomainRecords, type: string): ZoneAnswer {
  if (type === 'MX') return { kind: 'mx', exchange: `mx.${name}` };
  // An address that is set aside for documents (RFC 5737).
  if (type === 'A') return { kind: 'address', address: '192.0.2.1' };
  if (type === 'TXT' && has.spf) return { kind: 'txt', strings: ['v=spf1 mx ~all'] };
  return { kind: 'nothing' };
}

/** A TXT record holds strings of 255 bytes at most. */
const stringsOf = (text: string): string[] => text.match(/.{1,255}/g) ?? [];
