/** Are these the credentials of an Authorization header (RFC 7617)? */
export function hasBasicAuth(header: string | undefined, username: string, password: string): boolean {
  const [scheme, encoded] = (header ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || !encoded) return false;
  return Buffer.from(encoded, 'base64').toString('utf8') === `${username}:${password}`;
}
