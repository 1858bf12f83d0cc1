/** A mailbox provider as the DNS shows it. */
export interface MailHost {
  name: string;
  /** What the names of its mail servers end with. */
  mx: readonly string[];
  /** The SPF record of its servers, for an `include:`. */
  spf: string;
  /** The DKIM selectors that it gives to its customers. */
  selectors: readonly string[];
}

/** Mailbox providers that senders of this kind use. Another one is another line. */
export const mailHosts: readonly MailHost[] = [
  { name: 'Google Workspace', mx: ['google.com', 'googlemail.com'], spf: '_spf.google.com', selectors: ['google'] },
  {
    name: 'Microsoft 365',
    mx: ['mail.protection.outlook.com', 'mx.microsoft'],
    spf: 'spf.protection.outlook.com',
    selectors: ['selector1', 'selector2'],
  },
  {
    name: 'Zoho Mail',
    mx: ['zoho.com', 'zoho.eu', 'zoho.com.au', 'zoho.in'],
    spf: 'zohomail.com',
    selectors: ['zoho', 'zmail'],
  },
  { name: 'Fastmail', mx: ['messagingengine.com'], spf: 'spf.messagingengine.com', selectors: ['fm1', 'fm2', 'fm3'] },
  {
    name: 'Proton Mail',
    mx: ['protonmail.ch'],
    spf: '_spf.protonmail.ch',
    selectors: ['protonmail', 'protonmail2', 'protonmail3'],
  },
  { name: 'iCloud Mail', mx: ['icloud.com'], spf: 'icloud.com', selectors: ['sig1'] },
  { name: 'Yandex 360', mx: ['yandex.net', 'yandex.ru'], spf: '_spf.yandex.net', selectors: ['mail'] },
];

/** Selectors of relays and of hosts that do not show in the MX record. */
const otherSelectors = ['default', 'dkim', 's1', 's2', 'k1', 'k2', 'smtp', 'mandrill', 'mx', 'key1', 'x', 'pm'];

/** The selectors under which a key is looked for when the client names none. */
export const knownSelectors: readonly string[] = [
  ...new Set([...mailHosts.flatMap(({ selectors }) => selectors), ...otherSelectors]),
];

/** The mailbox provider whose servers take a domain's mail. @param exchanges names of the MX record */
export function mailHostOf(exchanges: readonly string[]): MailHost | null {
  const names = exchanges.map((name) => name.toLowerCase().replace(/\.$/, ''));
  const belongs = (name: string, host: string): boolean => name === host || name.endsWith(`.${host}`);
  return mailHosts.find(({ mx }) => names.some((name) => mx.some((host) => belongs(name, host)))) ?? null;
}
