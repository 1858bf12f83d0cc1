import type { DnsAnswers } from './dns/answers';
import { judgeDkim } from './dns/dkim';
import { judgeDmarc } from './dns/dmarc';
import { mailHostOf } from './dns/mail-hosts';
import { judgeSpf } from './dns/spf';
import type { DnsRecord, DnsVerdict } from './dns/verdict';

/** The DNS gate: what SPF, DKIM and DMARC of a sending domain are worth, as receivers read them. */
export function judgeDns(domain: string, answers: DnsAnswers): DnsVerdict {
  const { txt, dkim, dmarc, mx } = answers;
  const host = mailHostOf(mx.kind === 'found' ? mx.records : []);
  const records = [judgeSpf(domain, txt, host), judgeDkim(domain, dkim, host), judgeDmarc(domain, dmarc)];
  const known = records.filter((record) => record !== null);
  if (known.length === records.length) return { kind: 'answered', records: known };
  return { kind: 'unanswered', error: errorOf(answers) };
}

function errorOf({ txt, dkim, dmarc }: DnsAnswers): string {
  const asked = [txt, ...dkim.map((one) => one.txt), ...dmarc.map((one) => one.txt)];
  const failed = asked.find((answer) => answer.kind === 'unanswered');
  return failed?.kind === 'unanswered' ? failed.error : 'no_answer';
}

/** May the domain send? */
export const passesDnsGate = (records: readonly DnsRecord[]): boolean => records.every(({ status }) => status === 'ok');

const names = { spf: 'SPF', dkim: 'DKIM', dmarc: 'DMARC' };

/** What keeps the domain from sending, in short: "SPF is missing, DMARC is wrong". */
export function whatIsMissing(records: readonly DnsRecord[]): string {
  const bad = records.filter(({ status }) => status !== 'ok');
  return bad.map(({ kind, status }) => `${names[kind]} is ${status}`).join(', ');
}
