import { z } from 'zod';

/** A throttle on a seat's next sends: invitations and messages. */
export const throttleSchema = z.strictObject({
  seat: z.string().min(1),
  error: z.enum(['cannot_resend_yet', 'limit_exceeded', 'too_many_requests', 'account_restricted']),
  /** So many of the seat's sends are taken before. */
  afterSends: z.int().min(0).default(0),
  /** So many sends are refused. */
  times: z.int().min(1).default(1),
  /** The header Retry-After; without it the answer does not say how long. */
  retryAfterSeconds: z.int().min(1).optional(),
});

export type Throttle = z.output<typeof throttleSchema>;

/** Which of a seat's sends are refused, because LinkedIn throttles it. */
export interface Throttles {
  add(throttle: Throttle): void;
  /** A seat wants to send: the throttle that refuses it, which is used up by one, or null. */
  refusal(seat: string): Throttle | null;
  /** A send of this seat was taken. */
  taken(seat: string): void;
}

export function createThrottles(given: readonly Throttle[]): Throttles {
  const throttles = given.map((throttle) => ({ ...throttle }));
  const sends = new Map<string, number>();
  return {
    add: (throttle) => void throttles.push({ ...throttle }),
    refusal(seat) {
      const count = sends.get(seat) ?? 0;
      const holding = throttles.find((each) => each.seat === seat && each.times > 0 && each.afterSends <= count);
      if (holding === undefined) return null;
      holding.times -= 1;
      return holding;
    },
    taken: (seat) => void sends.set(seat, (sends.get(seat) ?? 0) + 1),
  };
}
