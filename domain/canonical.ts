/** What people, companies and profiles are compared by. The words of the database's SuppressionKind. */
export type IdentifierKind = 'email' | 'domain' | 'phone' | 'linkedin';

/**
 * OWN-4: one spelling for each address, domain, number or profile; two are the same when their spellings are equal.
 * email: lower case. domain: without scheme, www and path. phone: plus and digits. linkedin: linkedin.com/in/slug.
 */
export function canonical(kind: IdentifierKind, value: string): string {
  const text = value.trim().toLowerCase();
  switch (kind) {
    case 'email':
      return text;
    case 'domain':
      return text
        .replace(/^https?:\/\//, '')
        .replace(/[/?#:].*$/, '')
        .replace(/^(www\.|@)/, '')
        .replace(/\.$/, '');
    case 'phone':
      return `+${text.replace(/\D/g, '')}`;
    case 'linkedin':
      return `linkedin.com/in/${profileSlug(text)}`;
  }
}

/** "jane-doe" of any spelling of https://www.linkedin.com/in/jane-doe. */
function profileSlug(url: string): string {
  const slug = /\/in\/([^/?#]+)/.exec(url)?.[1] ?? url;
  try {
    // "%00" becomes a character that no profile has and PostgreSQL refuses.
    return decodeURIComponent(slug).replaceAll('\0', '');
  } catch {
    return slug;
  }
}

/** A domain and its parents, as far as one can be registered: a block on acme.example holds for mail.acme.example. */
export function domainWithParents(domain: string): string[] {
  const labels = canonical('domain', domain).split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}
