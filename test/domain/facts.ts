import type { EnrollmentFacts, TouchFacts } from '../../domain/facts';
import { generateSequence } from '../../domain/sequence';

/** A lead that every rule lets through: Sydney, hot, reachable on every channel, nothing done yet. */
export function leadFacts(changes: Partial<EnrollmentFacts> = {}): EnrollmentFacts {
  return {
    status: 'active',
    stop: null,
    campaign: 'active',
    steps: generateSequence(new Set(['email', 'voice', 'linkedin', 'sms'])),
    touches: [],
    finishedBefore: [],
    fromStep: 1,
    day0: null,
    holdUntil: null,
    calendar: { timezone: 'Australia/Sydney', countryCode: 'AU', regionCode: 'NSW' },
    callTimezone: 'Australia/Sydney',
    numberZones: [],
    numberCountry: 'AU',
    score: 90,
    contact: { email: true, callable: true, mobile: true, linkedin: true },
    emailStatus: 'unchecked',
    suppressed: { all: null, email: null },
    network: 'strangers',
    senders: { email: 'ready', voice: 'ready', linkedin: 'ready', sms: 'ready' },
    ...changes,
  };
}

export function touch(step: number, status: TouchFacts['status'], sentOn: string | null = null): TouchFacts {
  return { step, channel: 'email', status, sentOn, daysWaited: 0, waitedOn: null, textFailures: 0 };
}
