/**
 * What the DNS said to one question. none: there is no such record, which is certain. unanswered: nobody knows, because
 * no server said either; `error` is a short word.
 */
export type AnswerOfDns<T> =
  { kind: 'found'; records: readonly T[] } | { kind: 'none' } | { kind: 'unanswered'; error: string };

/** One TXT record: its strings, which belong together without anything between them (RFC 7208 3.3). */
export type TxtRecord = readonly string[];

/** Everything that was asked about a sending domain. */
export interface DnsAnswers {
  /** TXT of the domain itself. */
  txt: AnswerOfDns<TxtRecord>;
  /** TXT of each selector that was tried; `alias` is where a CNAME leads that ends at no key. */
  dkim: readonly { selector: string; txt: AnswerOfDns<TxtRecord>; alias: string | null }[];
  /** TXT of _dmarc of the domain, then of the organisational domain when that is another one. */
  dmarc: readonly { domain: string; txt: AnswerOfDns<TxtRecord> }[];
  /** Names of the mail servers. */
  mx: AnswerOfDns<string>;
}

/** The texts of an answer's records; null: unanswered. */
export function textsOf(answer: AnswerOfDns<TxtRecord>): string[] | null {
  if (answer.kind === 'unanswered') return null;
  return answer.kind === 'none' ? [] : answer.records.map((strings) => strings.join(''));
}

/** `tag=value; tag=value` of DKIM and DMARC; names in lower case, the first of equal ones. Null: no such list. */
export function tagsOf(text: string): Map<string, string> | null {
  const tags = new Map<string, string>();
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const [, name, value] = /^\s*([a-z][a-z0-9_]*)\s*=\s*([\s\S]*?)\s*$/i.exec(part) ?? [];
    if (name === undefined || value === undefined) return null;
    if (!tags.has(name.toLowerCase())) tags.set(name.toLowerCase(), value);
  }
  return tags;
}
