import { createHash } from 'node:crypto';

/**
 * The account at a provider as a resource that limits belong to: one for each provider of this installation, whoever of
 * its clients uses it (LIM: calls at the same time). A UUID made of the provider's name.
 */
export function accountId(provider: string): string {
  const hex = createHash('sha256').update(`account at ${provider}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
