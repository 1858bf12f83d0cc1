import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';

/** What the check of an address found. The words of the database's lead.email_status. */
export const emailStatuses = ['unchecked', 'deliverable', 'no_mail_exchange', 'disposable', 'malformed'] as const;
export type EmailStatus = (typeof emailStatuses)[number];

/** Does the domain take mail? unknown: nobody answered, which proves nothing. */
export type MailExchange = 'found' | 'none' | 'unknown';

/** Addresses that an address check found bad get no mail, with these words (SEQ-7). */
const refusals: Readonly<Record<EmailStatus, string | null>> = {
  unchecked: null,
  deliverable: null,
  no_mail_exchange: "the address's domain takes no mail",
  disposable: 'the address is a disposable one',
  malformed: 'the address is malformed',
};

/** Why an address gets no mail, or null. One that is not checked yet is as good as any. */
export const addressRefusal = (status: EmailStatus): string | null => refusals[status];

/** Hours for which a verdict holds: lists and domains change, and a time-out says nothing. */
const holdsForHours: Readonly<Record<EmailStatus, number>> = {
  unchecked: 1,
  deliverable: 30 * 24,
  no_mail_exchange: 24,
  disposable: 30 * 24,
  malformed: 30 * 24,
};

/** Is an address to be checked, now or again? @param checkedAt when it was last asked about; null: never */
export function isCheckDue(status: EmailStatus, checkedAt: Date | null, now: Date): boolean {
  return checkedAt === null || now.getTime() - checkedAt.getTime() >= holdsForHours[status] * 3_600_000;
}

/** What can be told of an address without asking anybody; null: its domain's mail exchange decides. */
export function verdictAtSight(email: string): 'malformed' | 'disposable' | null {
  if (!isWellFormed(email)) return 'malformed';
  return isDisposable(domainOf(email)) ? 'disposable' : null;
}

/** The verdict about an address. Unknown stays unchecked: a time-out never blocks. */
export function judgeAddress(email: string, exchange: MailExchange): EmailStatus {
  const atSight = verdictAtSight(email);
  if (atSight !== null) return atSight;
  return ({ found: 'deliverable', none: 'no_mail_exchange', unknown: 'unchecked' } as const)[exchange];
}

/** The part behind the last @, in lower case; empty when there is none. */
export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();

const label = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;
const localPart = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

/** One @, a local part of at most 64 characters without quotes, and a domain with a dot (RFC 5321, 5322, 6531). */
function isWellFormed(email: string): boolean {
  const [local = '', domain = '', ...more] = email.split('@');
  const labels = domain.split('.');
  const fits = email.length <= 254 && local.length <= 64 && more.length === 0;
  const isNamed = labels.length > 1 && labels.every((one) => label.test(one)) && !/^\d+$/.test(labels.at(-1) ?? '');
  return fits && isNamed && localPart.test(local);
}

const disposableDomains = disposableEmailBlocklistSet();

/** Subdomains of a disposable domain are disposable too. */
function isDisposable(domain: string): boolean {
  const labels = domain.split('.');
  return labels.some((_, index) => disposableDomains.has(labels.slice(index).join('.')));
}

/** own: of a person at a company. role: read by whoever is there. freeMail: of a person at no company. */
export type AddressKind = 'own' | 'role' | 'freeMail';

/** ACC-3, risk: addresses of a role (RFC 2142 and what companies use) by their local part. */
const roles: ReadonlySet<string> = new Set([
  ...[
    'info',
    'information',
    'contact',
    'contactus',
    'hello',
    'hi',
    'mail',
    'email',
    'office',
    'reception',
    'enquiries',
  ],
  ...['enquiry', 'inquiries', 'inquiry', 'admin', 'administrator', 'administration', 'sales', 'marketing', 'support'],
  ...['help', 'helpdesk', 'service', 'customerservice', 'customercare', 'care', 'billing', 'accounts', 'accounting'],
  ...['accountspayable', 'finance', 'invoices', 'invoice', 'payroll', 'hr', 'jobs', 'careers', 'career', 'recruitment'],
  ...[
    'recruiting',
    'press',
    'media',
    'pr',
    'news',
    'newsletter',
    'events',
    'team',
    'staff',
    'everyone',
    'all',
    'bookings',
  ],
  ...['booking', 'reservations', 'orders', 'order', 'shop', 'store', 'webmaster', 'postmaster', 'hostmaster', 'abuse'],
  ...[
    'noc',
    'security',
    'legal',
    'privacy',
    'compliance',
    'it',
    'tech',
    'noreply',
    'donotreply',
    'root',
    'web',
    'feedback',
  ],
  ...[
    'partners',
    'partnerships',
    'investors',
    'general',
    'kontakt',
    'vertrieb',
    'buero',
    'verwaltung',
    'service',
    'ventas',
  ],
  ...[
    'contacto',
    'comercial',
    'contato',
    'vendas',
    'commercial',
    'accueil',
    'direction',
    'contatti',
    'amministrazione',
  ],
]);

/** Providers of free mail whose domains end in many countries: yahoo.com, yahoo.co.uk, yahoo.de … */
const freeMailNames: ReadonlySet<string> = new Set([
  ...[
    'gmail',
    'googlemail',
    'yahoo',
    'ymail',
    'rocketmail',
    'hotmail',
    'outlook',
    'live',
    'msn',
    'aol',
    'gmx',
    'yandex',
  ],
]);

/** Others, by their whole domain. */
const freeMailDomains: ReadonlySet<string> = new Set([
  ...['icloud.com', 'me.com', 'mac.com', 'proton.me', 'protonmail.com', 'pm.me', 'tutanota.com', 'tuta.io', 'zoho.com'],
  ...['fastmail.com', 'hushmail.com', 'mail.com', 'inbox.com', 'mail.ru', 'bk.ru', 'list.ru', 'rambler.ru', 'ukr.net'],
  ...[
    'web.de',
    't-online.de',
    'freenet.de',
    'arcor.de',
    'bluewin.ch',
    'orange.fr',
    'wanadoo.fr',
    'free.fr',
    'laposte.net',
  ],
  ...[
    'sfr.fr',
    'libero.it',
    'virgilio.it',
    'tiscali.it',
    'alice.it',
    'terra.com.br',
    'uol.com.br',
    'bol.com.br',
    'wp.pl',
  ],
  ...['o2.pl', 'interia.pl', 'onet.pl', 'seznam.cz', 'btinternet.com', 'sky.com', 'virginmedia.com', 'ntlworld.com'],
  ...[
    'talktalk.net',
    'comcast.net',
    'verizon.net',
    'att.net',
    'sbcglobal.net',
    'bellsouth.net',
    'cox.net',
    'charter.net',
  ],
  ...['rogers.com', 'sympatico.ca', 'shaw.ca', 'bigpond.com', 'bigpond.net.au', 'optusnet.com.au', 'iinet.net.au'],
  ...[
    'tpg.com.au',
    'xtra.co.nz',
    'qq.com',
    '163.com',
    '126.com',
    'sina.com',
    'naver.com',
    'daum.net',
    'rediffmail.com',
  ],
]);

/** A public suffix of one or two labels: com, de, co.uk, com.au. */
const shortSuffix = /^[a-z]{2,3}(?:\.[a-z]{2})?$/;

export function addressKind(email: string): AddressKind {
  const domain = domainOf(email);
  const [name = '', ...suffix] = domain.split('.');
  if (freeMailDomains.has(domain) || (freeMailNames.has(name) && shortSuffix.test(suffix.join('.')))) return 'freeMail';
  const local = email.slice(0, email.lastIndexOf('@')).toLowerCase().replace(/\+.*$/, '');
  return roles.has(local.replace(/[._-]/g, '')) ? 'role' : 'own';
}
