/**
 * How long one attempt to send may take, in milliseconds of real time. Leases are counted by the database's clock, so they
 * hold whatever becomes of the process or of its own clock.
 */
export interface SendTimes {
  /** From the claim until the mark: connecting, greeting, looking up. An attempt that comes later may not leave any more. */
  untilMarkMs: number;
  /** From asking for the mark until its answer: a process that was frozen in between may not leave any more. */
  markMs: number;
  /** From the mark until the provider's call is over: the longest bound of any client. */
  answerMs: number;
}

/** SMTP takes up to 20 s to its 354, a look at a profile and a connection up to 20 s; every call ends 20 s after its mark. */
export const sendTimes: SendTimes = { untilMarkMs: 30_000, markMs: 5_000, answerMs: 20_000 };

/** TIME-7: how late after its slot a touch may leave, in milliseconds. */
export const latestAfterSlotMs = 60_000;

/** From asking for the mark until the provider has the touch or never will, in seconds. */
export const answerSeconds = ({ markMs, answerMs }: SendTimes): number => (markMs + answerMs) / 1000;
