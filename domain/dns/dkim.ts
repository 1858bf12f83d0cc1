import { tagsOf, textsOf, type DnsAnswers } from './answers';
import type { MailHost } from './mail-hosts';
import { shownText, type DnsRecord } from './verdict';

/** What stands where the key belongs: only the mailbox provider knows the key. */
const keyFromHost = 'v=DKIM1; k=rsa; p=<the public key that your mailbox provider shows>';

export const dkimName = (selector: string, domain: string): string => `${selector}._domainkey.${domain}`;

/** A key's text: what is wrong with it, null for nothing; undefined for a text that is no key at all. */
function objectionTo(text: string): string | null | undefined {
  const tags = tagsOf(text);
  const key = tags?.get('p');
  if (tags === null || key === undefined) return undefined;
  const version = tags.get('v');
  if (version !== undefined && version !== 'DKIM1')
    return `its version is "${shownText(version).slice(0, 20)}", not DKIM1`;
  if (key === '') return 'the key is revoked: p= is empty';
  return /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(key) ? null : 'p= holds no key in base64';
}

/**
 * DKIM of a sending domain: a key under the selector that the client named, or under one of the known ones (RFC 6376
 * 3.6.1). Null: no key is there, and some selector was not answered.
 */
export function judgeDkim(domain: string, dkim: DnsAnswers['dkim'], host: MailHost | null): DnsRecord | null {
  let wrong: DnsRecord | null = null;
  for (const { selector, txt, alias } of dkim) {
    const name = dkimName(selector, domain);
    const publish = { name, type: 'TXT' as const, value: keyFromHost };
    const texts = textsOf(txt) ?? [];
    const keys = texts.filter((text) => objectionTo(text) !== undefined);
    const [key] = keys;
    if (key === undefined) {
      wrong ??= keyless({ name, text: texts[0], alias });
      continue;
    }
    const found = { name, value: shownText(keys.join(' | ')) };
    const objection = keys.length > 1 ? 'there are several keys under one name' : objectionTo(key);
    if (objection === null)
      return { kind: 'dkim', status: 'ok', found, says: `The key of selector ${selector} is there.`, publish: null };
    wrong ??= {
      kind: 'dkim',
      status: 'wrong',
      found,
      says: `DKIM of selector ${selector} is wrong: ${objection}.`,
      publish,
    };
  }
  if (dkim.some(({ txt }) => txt.kind === 'unanswered')) return null;
  return wrong ?? missing(domain, dkim, host);
}

/** Something stands where the key belongs, but no key. Null: nothing does. */
function keyless(at: { name: string; text: string | undefined; alias: string | null }): DnsRecord | null {
  const publish = { name: at.name, type: 'TXT' as const, value: keyFromHost };
  if (at.alias !== null) {
    const says = `${at.name} points to ${shownText(at.alias)}, and there is no key. Ask your mailbox provider to finish DKIM.`;
    const found = { name: at.name, value: `CNAME ${shownText(at.alias)}` };
    return { kind: 'dkim', status: 'wrong', found, says, publish };
  }
  if (at.text === undefined) return null;
  const found = { name: at.name, value: shownText(at.text) };
  return { kind: 'dkim', status: 'wrong', found, says: `The record at ${at.name} holds no DKIM key (p=).`, publish };
}

function missing(domain: string, dkim: DnsAnswers['dkim'], host: MailHost | null): DnsRecord {
  const [only] = dkim;
  const named = dkim.length === 1 && only !== undefined;
  const selector = named ? only.selector : (host?.selectors[0] ?? '<selector>');
  const says = named
    ? `There is no DKIM key under the selector ${selector}.`
    : `No DKIM key was found under the usual selectors. Turn DKIM on at ${host?.name ?? 'your mailbox provider'}; if it uses a selector of its own, set dkimSelector.`;
  const publish = { name: dkimName(selector, domain), type: 'TXT' as const, value: keyFromHost };
  return { kind: 'dkim', status: 'missing', found: null, says, publish };
}
