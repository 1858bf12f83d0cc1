import { textsOf, type AnswerOfDns, type TxtRecord } from './answers';
import type { MailHost } from './mail-hosts';
import { shownText, type DnsRecord } from './verdict';

/** RFC 7208 4.6.4: more look-ups than this, and receivers treat the record as broken. */
const mostLookups = 10;

const mechanism = /^[+\-~?]?(all|(include|exists):\S+|(a|mx)([:/]\S+)?|ptr(:\S+)?|ip4:[\d./]+|ip6:[\da-f:./]+)$/i;
const modifier = /^[a-z][a-z0-9_.-]*=/i;
const asksDns = /^[+\-~?]?(include:|exists:|a($|[:/])|mx($|[:/])|ptr($|:))|^redirect=/i;

/** Is this text an SPF record? The version stands alone at its beginning, in any case (RFC 7208 4.5). */
const isSpf = (text: string): boolean => /^v=spf1( |$)/i.test(text);

/**
 * SPF of a sending domain: exactly one record, which says what happens to everybody else, and needs no more look-ups than
 * allowed as far as the record itself shows. Null: unanswered.
 */
export function judgeSpf(domain: string, txt: AnswerOfDns<TxtRecord>, host: MailHost | null): DnsRecord | null {
  const texts = textsOf(txt);
  if (texts === null) return null;
  const records = texts.filter(isSpf);
  const publish = { name: domain, type: 'TXT' as const, value: valueFor(records, host) };
  const [first] = records;
  if (first === undefined) {
    const says = 'There is no SPF record. It names the servers that may send mail for the domain.';
    return { kind: 'spf', status: 'missing', found: null, says, publish };
  }
  const found = { name: domain, value: shownText(records.join(' | ')) };
  const objection = records.length > 1 ? several(records.length) : objectionTo(first);
  if (objection !== null) return { kind: 'spf', status: 'wrong', found, says: objection, publish };
  return { kind: 'spf', status: 'ok', found, says: 'The SPF record is valid.', publish: null };
}

const several = (count: number): string =>
  `There are ${count} SPF records, and receivers then heed none. Replace them by one.`;

const termsOf = (record: string): string[] => record.split(/ +/).slice(1).filter(Boolean);
const isAll = (term: string): boolean => /^[+\-~?]?all$/i.test(term);

/** What is wrong with the only record, in a sentence; null: nothing that it shows by itself. */
function objectionTo(record: string): string | null {
  const terms = termsOf(record);
  const unknown = terms.find((term) => !mechanism.test(term) && !modifier.test(term));
  if (unknown !== undefined) return `The SPF record holds "${shownText(unknown).slice(0, 100)}", which is no SPF term.`;
  const redirects = terms.filter((term) => /^redirect=/i.test(term));
  if (redirects.length > 1) return 'The SPF record redirects twice.';
  const lookups = terms.filter((term) => asksDns.test(term)).length;
  if (lookups > mostLookups) {
    return `The SPF record asks for ${lookups} look-ups; receivers stop after ${mostLookups} and reject it.`;
  }
  const all = terms.find(isAll);
  if (all === undefined) {
    return redirects.length === 1 ? null : 'The SPF record has no end: it must say ~all or -all.';
  }
  return /^[~-]/.test(all) ? null : `The SPF record ends in ${all}, which lets everybody send as the domain.`;
}

/** One record that holds what the present ones hold, or what the mailbox provider needs. */
function valueFor(records: readonly string[], host: MailHost | null): string {
  const held = records
    .flatMap(termsOf)
    .filter((term) => mechanism.test(term) && !isAll(term))
    .map(shownText);
  const own = host === null ? 'mx' : `include:${host.spf}`;
  const terms = held.length > 0 ? [...new Set(held)].slice(0, mostLookups) : [own];
  return ['v=spf1', ...terms, '~all'].join(' ');
}
