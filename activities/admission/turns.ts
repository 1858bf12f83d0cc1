import { heartbeat } from '@temporalio/activity';
import type { DayAllowance } from '../../store/capacity/book';
import {
  admissionCandidates,
  admittingCampaigns,
  type AdmissionPlace,
  type Candidate,
} from '../../store/enrollments/admission';
import { readEnrollment } from '../../store/enrollments/facts';
import type { Pacing } from '../../store/tenants/pacing';
import { checkAddresses } from '../check-addresses';
import type { ActivityDeps } from '../deps';
import { rememberedMailExchanges } from '../mail-exchanges';
import type { Alive } from '../source';
import { admitLead, type Admission } from './admit-lead';

/** Enrollments of one campaign that are read at a time: hardly more than its share of a day. */
const candidatesAtOnce = 25;
/** Workflows' starts that are owed before they are delivered. */
const startsAtOnce = 25;

/** A campaign's line of waiting leads, as far as today is concerned. */
interface Line {
  campaignId: string;
  admittedToday: number;
  /** In the order of admission. */
  candidates: Candidate[];
  /** Nobody else of it can be admitted today. */
  isDone: boolean;
  // Leads who share a calendar share its windows: once one of them finds no room today, the others need not ask. Nor need
  // those who are reached in the same ways, once one of them finds the sender out.
  calendars: string[];
  reaches: string[];
  last: AdmissionPlace | null;
}

interface Round {
  now: Date;
  /** Keeps the client's admission this caller's. */
  alive: Alive;
}

/**
 * Admits the client's waiting leads, one of each campaign in turn: always of the one that has admitted the fewest today, so
 * that shares are equal within one lead, and what a campaign cannot use goes to the others on the same day (PACE-4).
 * @returns how many
 */
export async function admitInTurn(
  deps: ActivityDeps,
  { clientId, today, since }: Pacing,
  allowance: DayAllowance,
  { now, alive }: Round,
): Promise<number> {
  if (allowance.atMost <= 0) return 0;
  const campaigns = await admittingCampaigns(deps.database.sql, clientId, since);
  const lines = campaigns.map((campaign): Line => ({
    ...campaign,
    candidates: [],
    isDone: false,
    calendars: [],
    reaches: [],
    last: null,
  }));
  const owed: string[] = [];
  const deliver = async (): Promise<void> => {
    await deps.deliverOutbox({ kind: 'ids', ids: owed.splice(0) });
    await alive();
  };
  let admitted = 0;
  for (let line = nextOf(lines); line !== null; line = nextOf(lines)) {
    const candidate = await nextCandidate(deps, line);
    if (candidate === null) continue;
    heartbeat();
    const record = await readEnrollment(deps.database.sql, candidate.enrollmentId, deps.secretKey, now);
    const admission = record === null ? never : await admitLead(deps, record, { today, allowance, now });
    if (admission.kind === 'spent') break;
    note(line, candidate, admission);
    if (admission.kind !== 'admitted') continue;
    admitted += 1;
    owed.push(admission.outboxId);
    if (owed.length >= startsAtOnce) await deliver();
  }
  if (owed.length > 0) await deliver();
  return admitted;
}

const never: Admission = { kind: 'never' };

/** Whose turn it is; null: nobody's. */
function nextOf(lines: readonly Line[]): Line | null {
  const open = lines.filter((line) => !line.isDone);
  return open.reduce<Line | null>(
    (least, line) => (least && least.admittedToday <= line.admittedToday ? least : line),
    null,
  );
}

/** The next lead of a campaign that is worth asking; the line is done when there is none. */
async function nextCandidate(deps: ActivityDeps, line: Line): Promise<Candidate | null> {
  for (;;) {
    if (line.candidates.length === 0) {
      line.candidates = await nextCandidates(deps, line);
    }
    const candidate = line.candidates.shift();
    if (candidate === undefined) {
      line.isDone = true;
      return null;
    }
    line.last = candidate;
    if (!line.calendars.includes(candidate.calendar) && !line.reaches.includes(candidate.reach)) return candidate;
  }
}

/** Their addresses are checked first: who can be written to decides how they are reached (SEQ-7). */
async function nextCandidates(deps: ActivityDeps, line: Line): Promise<Candidate[]> {
  const read = () => admissionCandidates(deps.database.sql, line.campaignId, line, candidatesAtOnce);
  const candidates = await read();
  const mailExchanges = rememberedMailExchanges(deps.resolver, deps.clock);
  const checked = await checkAddresses(
    { ...deps, mailExchanges },
    candidates.map(({ leadId }) => leadId),
  );
  return checked > 0 ? read() : candidates;
}

function note(line: Line, candidate: Candidate, admission: Admission): void {
  switch (admission.kind) {
    case 'admitted':
      line.admittedToday += 1;
      return;
    case 'no room':
      line.calendars.push(candidate.calendar);
      line.isDone = admission.forAnyone;
      return;
    case 'out':
      line.reaches.push(candidate.reach);
      return;
    case 'not now':
    case 'never':
    case 'spent':
  }
}
