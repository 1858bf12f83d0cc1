/** The records that a sending domain needs. */
export type DnsRecordKind = 'spf' | 'dkim' | 'dmarc';

/** What is to be published, as the form of a DNS host asks for it. */
export interface PublishedRecord {
  name: string;
  type: 'TXT' | 'CNAME';
  value: string;
}

/** What is known of one record of a sending domain, in words for its owner. */
export interface DnsRecord {
  kind: DnsRecordKind;
  /** ok: it is there and valid. wrong: something is there that receivers do not accept. */
  status: 'ok' | 'missing' | 'wrong';
  /** The record as it stands, with where; null: there is none. */
  found: { name: string; value: string } | null;
  /** What this means, in a sentence. */
  says: string;
  /** null: nothing is to be done. */
  publish: PublishedRecord | null;
}

/** Everything there is to know, or that the DNS could not be asked: then nothing is known, and nothing changes. */
export type DnsVerdict = { kind: 'answered'; records: DnsRecord[] } | { kind: 'unanswered'; error: string };

/** Characters of a record that are kept: the longest record that makes sense has half as many. */
const keptLength = 2_000;

/** A record's text as it may be stored and shown: whoever publishes it is not trusted. */
export function shownText(text: string): string {
  const printable = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]|\p{Cs}|\p{Cf}/gu, '?');
  return printable.length <= keptLength ? printable : `${printable.slice(0, keptLength)}…`;
}
