import type { DnsRecord, DnsRecordKind } from './dns/verdict';

/** What Google and Yahoo ask of whoever sends many mails (since February 2024), as far as it can be known here. */
export interface BulkSenderFacts {
  /** null: the DNS has not been asked yet. */
  records: readonly DnsRecord[] | null;
  /** Complaints ÷ mails sent, 0 to 1; null: nobody reports them (HLTH-4). */
  complaintRate: number | null;
  /** Do mails carry the headers of RFC 8058? */
  oneClickUnsubscribe: boolean;
  /** Does the mail host encrypt its connections? null: not known. */
  tls: boolean | null;
  /** Have the sending servers matching forward and reverse records? null: not known. */
  forwardRecords: boolean | null;
}

export interface BulkSenderRule {
  rule: 'spf' | 'dkim' | 'dmarc' | 'alignment' | 'oneClickUnsubscribe' | 'complaints' | 'tls' | 'forwardRecords';
  /** green: kept. red: broken. */
  status: 'green' | 'red' | 'not measured';
  says: string;
}

/** Complaints ÷ mails sent that Google asks to stay under, and never to reach three times of (HLTH has the same number). */
export const complaintThreshold = 0.001;

const percent = (rate: number): string => `${Math.round(rate * 10_000) / 100} %`;

/** The list, each with a sentence. */
export function bulkSenderRules(facts: BulkSenderFacts): BulkSenderRule[] {
  const { complaintRate, oneClickUnsubscribe, tls, forwardRecords } = facts;
  return [
    recordRule(facts, 'spf'),
    recordRule(facts, 'dkim'),
    recordRule(facts, 'dmarc'),
    alignment(facts),
    {
      rule: 'oneClickUnsubscribe',
      status: oneClickUnsubscribe ? 'green' : 'red',
      says: oneClickUnsubscribe
        ? 'Every mail has List-Unsubscribe and List-Unsubscribe-Post, and one click is enough.'
        : 'Mails have no one-click unsubscribe headers.',
    },
    complaints(complaintRate),
    measured('tls', tls, {
      yes: 'The mail host takes and sends mail by TLS.',
      no: 'The mail host does not use TLS.',
      unknown: 'The mail host decides whether it sends by TLS; it cannot be seen from here.',
    }),
    measured('forwardRecords', forwardRecords, {
      yes: 'The sending servers have matching forward and reverse records.',
      no: 'The sending servers have no matching forward and reverse records.',
      unknown: 'The mail host owns the sending servers; their forward and reverse records cannot be seen from here.',
    }),
  ];
}

function recordRule({ records }: BulkSenderFacts, kind: DnsRecordKind): BulkSenderRule {
  const record = records?.find((one) => one.kind === kind);
  if (record === undefined) return { rule: kind, status: 'not measured', says: 'The DNS has not answered yet.' };
  return { rule: kind, status: record.status === 'ok' ? 'green' : 'red', says: record.says };
}

/** The key stands under the From's own domain, so a signature by it is aligned, also strictly (RFC 7489 3.1.1). */
function alignment({ records }: BulkSenderFacts): BulkSenderRule {
  const dkim = records?.find(({ kind }) => kind === 'dkim');
  const rule = 'alignment';
  if (dkim === undefined) return { rule, status: 'not measured', says: 'The DNS has not answered yet.' };
  if (dkim.status !== 'ok')
    return { rule, status: 'red', says: 'Without a valid DKIM key no signature fits the From.' };
  return { rule, status: 'green', says: "The DKIM key stands under the From's own domain, so its signature fits." };
}

function complaints(rate: number | null): BulkSenderRule {
  const rule = 'complaints';
  const limit = percent(complaintThreshold);
  if (rate === null) return { rule, status: 'not measured', says: 'No provider reports complaints yet.' };
  if (rate < complaintThreshold) return { rule, status: 'green', says: `${percent(rate)} complain, under ${limit}.` };
  return { rule, status: 'red', says: `${percent(rate)} complain; it must stay under ${limit}.` };
}

function measured(
  rule: 'tls' | 'forwardRecords',
  fact: boolean | null,
  says: { yes: string; no: string; unknown: string },
): BulkSenderRule {
  if (fact === null) return { rule, status: 'not measured', says: says.unknown };
  return fact ? { rule, status: 'green', says: says.yes } : { rule, status: 'red', says: says.no };
}
