/** A call as Twilio keeps it. */
export interface CallRecord {
  sid: string;
  from: string;
  to: string;
  status: string;
  createdAt: Date;
  updatedAt: Date;
  /** null while queued or ringing. */
  startedAt: Date | null;
  endedAt: Date | null;
  /** Seconds; null until the end. */
  duration: number | null;
  answeredBy: string | null;
  /** Where a pressed key goes, once the TwiML is known. */
  gatherUrl: string | null;
}

export interface CallProgress {
  status: string;
  now: Date;
  duration: number | null;
  answeredBy: string | null;
}

export interface CallLog {
  create(sid: string, from: string, to: string, now: Date): CallRecord;
  find(sid: string): CallRecord | null;
  /** Newest first. */
  list(): CallRecord[];
  progress(sid: string, progress: CallProgress): void;
  gatherAt(sid: string, url: string): void;
}

const finalStatuses = new Set(['completed', 'busy', 'no-answer', 'failed', 'canceled']);

export function isOver(call: CallRecord): boolean {
  return finalStatuses.has(call.status);
}

export function createCallLog(): CallLog {
  const calls = new Map<string, CallRecord>();
  return {
    create(sid, from, to, now) {
      const call: CallRecord = {
        sid,
        from,
        to,
        status: 'queued',
        createdAt: now,
        updatedAt: now,
        startedAt: null,
        endedAt: null,
        duration: null,
        answeredBy: null,
        gatherUrl: null,
      };
      calls.set(sid, call);
      return call;
    },
    find: (sid) => calls.get(sid) ?? null,
    list: () => [...calls.values()].reverse(),
    progress(sid, { status, now, duration, answeredBy }) {
      const call = calls.get(sid);
      if (!call || isOver(call)) return;
      Object.assign(call, { status, updatedAt: now, duration, answeredBy });
      if (status === 'in-progress' || isOver(call)) call.startedAt ??= now;
      if (isOver(call)) call.endedAt = now;
    },
    gatherAt(sid, url) {
      const call = calls.get(sid);
      if (call) call.gatherUrl = url;
    },
  };
}
