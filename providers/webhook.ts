import { createHash, timingSafeEqual } from 'node:crypto';
import { asRecord } from './http-exchange';

/** A webhook request that is not accepted: 401 when it does not prove where it comes from, 400 when it makes no sense. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
  constructor(
    readonly status: 400 | 401,
    reason: string,
  ) {
    super(reason);
  }
}

/** Header names in lower case, as Node and Fastify hand them out. */
export type WebhookHeaders = Record<string, string | string[] | undefined>;

/** A webhook request as it arrived. */
export interface WebhookRequest {
  headers: WebhookHeaders;
  /** The body's bytes as they arrived. */
  rawBody: Buffer;
  /** The public URL with its query, exactly as the provider was told it: signatures cover it. */
  url: string;
  /** The secret in the path, where the provider has no other proof; else empty. */
  secret: string;
  /** The run's time, for payloads that carry none. */
  receivedAt: Date;
}

/** A webhook whose proof is a secret in its path. */
export interface SecretPathRequest {
  /** The secret as it stood in the path. */
  secret: string;
  headers: WebhookHeaders;
  /** The body's bytes as they arrived. */
  rawBody: string | Buffer;
  /** The run's time, for payloads that carry none. */
  receivedAt: Date;
}

/** Compares in constant time, whatever the lengths. An empty expected secret matches nothing. */
export function sameSecret(given: string | undefined, expected: string): boolean {
  if (given === undefined || expected === '') return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** @throws WebhookRefused (401) unless the secrets are the same. */
export function requireSecret(given: string | undefined, expected: string): void {
  if (!sameSecret(given, expected)) throw new WebhookRefused(401, 'the secret is wrong');
}

export function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}

/** @throws WebhookRefused (400) when the body is no JSON object. */
export function jsonObject(rawBody: string | Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(rawBody.toString());
  } catch {
    throw new WebhookRefused(400, 'the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WebhookRefused(400, 'the body is not a JSON object');
  }
  return storable(asRecord(value));
}

/**
 * Replaces what PostgreSQL refuses in JSON and text: NUL and halves of surrogate pairs, in keys and values.
 * @throws WebhookRefused (400) for what is nested too deep to be walked through
 */
export function storable<T>(value: T): T {
  const clean = jsonOf(value).replace(/\\(u0000|ud[89a-f][0-9a-f]{2}|.)/gi, (whole, escaped: string) =>
    escaped.length === 5 ? '\\ufffd' : whole,
  );
  return JSON.parse(clean) as T;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    throw new WebhookRefused(400, 'the body is nested too deep');
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A touch id that came back from outside, or null: anyone can write anything there. */
export function touchIdIn(value: string | null | undefined): string | null {
  const text = (value ?? '').trim();
  return uuid.test(text) ? text.toLowerCase() : null;
}

/** The touch id in one of our Message-IDs (`touchId@sending-domain`), or null when it is someone else's. */
export function touchIdInMessageId(messageId: string | null | undefined): string | null {
  return touchIdIn(bareMessageId(messageId ?? '').split('@')[0]);
}

/** A Message-ID without its angle brackets. */
export function bareMessageId(messageId: string): string {
  return messageId.trim().replace(/^<|>$/g, '');
}

/** An instant from a provider's text or epoch seconds; `otherwise` when it says none or nonsense. */
export function instantOf(value: string | null | undefined, otherwise: Date): Date {
  if (!value) return otherwise;
  const instant = /^\d{9,10}$/.test(value) ? new Date(Number(value) * 1000) : new Date(value);
  return Number.isNaN(instant.getTime()) ? otherwise : instant;
}

/** A stable id made of what the payload says, for providers that give their deliveries none. */
export function contentId(...parts: (string | null | undefined)[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part ?? '')))
    .digest('hex')
    .slice(0, 32);
}

/** E.164 with its plus, whatever spaces, brackets or dashes came along. */
export function phoneNumberOf(value: string | null | undefined): string | undefined {
  const digits = (value ?? '').replace(/\D/g, '');
  return digits.length >= 6 ? `+${digits}` : undefined;
}
