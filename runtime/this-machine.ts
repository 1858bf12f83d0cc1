import { isIP } from 'node:net';

/**
 * Is this host this machine itself (RFC 1122, RFC 4291 loopback)? Other names that resolve to it do not count: a name
 * can resolve to something else a moment later.
 * @param host a name or an address, an IPv6 one with or without its brackets
 */
export function isThisMachine(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || bare === '::1') return true;
  return isIP(bare) === 4 && bare.startsWith('127.');
}
