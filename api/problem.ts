/** One bad field of a request. `field` is its path, such as "targeting.titles". */
export interface FieldError {
  field: string;
  message: string;
}

const titles = {
  'malformed-request': [400, 'The request cannot be read'],
  'invalid-request': [400, 'The request is not valid'],
  unauthenticated: [401, 'No valid API key'],
  forbidden: [403, 'This key may not do that'],
  'not-found': [404, 'Not found'],
  conflict: [409, 'The present state does not allow that'],
  'too-large': [413, 'The request is too large'],
  'unsupported-media-type': [415, 'The content type is not supported'],
  'idempotency-key-reused': [422, 'The Idempotency-Key belongs to another request'],
  'internal-error': [500, 'Something went wrong here'],
  unavailable: [503, 'Not available right now'],
  'still-on-its-way': [503, 'Stopped, but a message is still on its way'],
} as const satisfies Record<string, readonly [number, string]>;

/** The closed list of what can be wrong with a request. */
export type ProblemKind = keyof typeof titles;

/** An answer other than success, as RFC 9457 wants it. Messages carry no personal data and no internals. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;

  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.status = titles[kind][0];
  }

  /** The body, with media type application/problem+json. */
  toBody(): string {
    const [status, title] = titles[this.kind];
    const { detail, errors } = this;
    return JSON.stringify({ type: `urn:agency-os:problem:${this.kind}`, title, status, detail, errors });
  }
}

/** Another tenant's id gets the same answer as one that never was. */
export const notFound = (what: string): Problem => new Problem('not-found', `There is no such ${what}.`);
