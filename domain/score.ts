import { DateTime } from 'luxon';
import { addressKind } from './address-check';
import type { LocalDate } from './calendar/local-date';
import type { Place } from './calendar/recipient-zone';
import { targetsIndustry, targetsLocation, targetsSize, targetsTitle, type ScoredTargeting } from './targeting';
import { authority, seniorityOf, type Seniority } from './seniority';

/** What the score wants to know of a lead. Null: not known, or nobody could say. */
export interface ScoreFacts {
  email: string;
  /** Did a source confirm that the address reaches the person? */
  emailVerified: boolean | null;
  hasPhone: boolean;
  hasLinkedin: boolean;
  hasPersonalEmail: boolean | null;
  title: string | null;
  industry: string | null;
  companySize: string | null;
  /** The headquarters'. */
  place: Place;
  roleStartedOn: LocalDate | null;
  isHiring: boolean | null;
  fundedOn: LocalDate | null;
  /** A mail to this address bounced hard. */
  bouncedBefore: boolean;
  /** Null: the client has named no competitors. */
  isAtCompetitor: boolean | null;
  /** The person is blocked on every channel. */
  unsubscribedBefore: boolean;
}

export interface ScoreContext {
  /** Of the campaign that the lead is in; null: it is in none. */
  targeting: ScoredTargeting | null;
  /** In the client's zone. */
  today: LocalDate;
}

/** One line of the score's table, as it turned out for a lead. */
export interface ScoreItem {
  item: string;
  /** What it gave; what it took away is below zero. */
  points: number;
  /** The most that it can give, or take away. */
  most: number;
  /** false: its facts are unknown, so it gave 0. */
  known: boolean;
  /** In words, without personal data. */
  reason: string;
}

export type ScorePartName = 'dataQuality' | 'authority' | 'companyFit' | 'timing' | 'risk';

export interface ScorePart {
  part: ScorePartName;
  points: number;
  maximum: number;
  items: ScoreItem[];
}

/** 0–100: the sum of its parts. */
export interface Score {
  total: number;
  parts: ScorePart[];
}

type Known = Pick<ScoreItem, 'points' | 'known' | 'reason'>;
interface Line {
  item: string;
  most: number;
  read: (facts: ScoreFacts, context: ScoreContext) => Known;
}
interface Part {
  part: ScorePartName;
  maximum: number;
  /** What a lead has before its lines are counted. */
  start: number;
  lines: readonly Line[];
}

/** What a line says when its question is answered with yes, with no, and not at all (or as with no). */
type Sentences = readonly [yes: string, no: string, unknown?: string];
/** any: the campaign leaves it open, which counts as yes. */
type Answer = boolean | 'any' | null;
type Question = (facts: ScoreFacts, context: ScoreContext) => Answer;

/** A line that gives, or takes, all of its points or none. */
function line(item: string, most: number, [yes, no, unknown = no]: Sentences, ask: Question): Line {
  const read = (facts: ScoreFacts, context: ScoreContext): Known => {
    const answer = ask(facts, context);
    if (answer === null) return { points: 0, known: false, reason: unknown };
    if (answer === 'any') return { points: most, known: true, reason: 'the campaign leaves it open' };
    return { points: answer ? most : 0, known: true, reason: answer ? yes : no };
  };
  return { item, most, read };
}

const levelWords: Readonly<Record<Seniority, string>> = {
  owner: 'an owner, CEO or founder',
  cLevel: 'a C-level title',
  vicePresident: 'a vice president',
  director: 'a director',
  seniorManager: 'a senior manager',
  manager: 'a manager',
  other: 'another title',
};

const seniority: Line = {
  item: 'seniority',
  most: authority.owner,
  read: ({ title }) => {
    if (title === null) return { points: 0, known: false, reason: 'the title is unknown' };
    const level = seniorityOf(title);
    return { points: authority[level], known: true, reason: levelWords[level] };
  },
};

/** Asks the campaign's targeting. A list that is empty excludes nobody, whatever is known of the lead. */
function targeted<Fact>(
  listOf: (targeting: ScoredTargeting) => readonly string[],
  factOf: (facts: ScoreFacts) => Fact | null,
  isTargeted: (targets: readonly string[], fact: Fact) => boolean,
): Question {
  return (facts, { targeting }) => {
    if (targeting === null) return null;
    const targets = listOf(targeting);
    if (targets.length === 0) return 'any';
    const fact = factOf(facts);
    return fact === null ? null : isTargeted(targets, fact);
  };
}

const placeOf = ({ place }: ScoreFacts): Place | null => (place.city || place.state || place.country ? place : null);
const titleTargeted = targeted(
  (to) => to.titles,
  (facts) => facts.title,
  targetsTitle,
);

const notOf = (answer: Answer): Answer => (answer === null ? null : !answer);

/** Is a date at most so many months ago? A date to come is not. */
function within(months: number, date: LocalDate | null, today: LocalDate): boolean | null {
  if (date === null) return null;
  const end = DateTime.fromISO(date, { zone: 'utc' }).plus({ months }).toISODate();
  return date <= today && end !== null && today < end;
}

const riskWords: Readonly<Record<ReturnType<typeof addressKind>, string>> = {
  own: "the person's own address at a company",
  role: 'the address of a role',
  freeMail: 'an address at a provider of free mail',
};

const addressRisk: Line = {
  item: 'addressKind',
  most: -5,
  read: ({ email }) => {
    const kind = addressKind(email);
    return { points: kind === 'own' ? 0 : -5, known: true, reason: riskWords[kind] };
  },
};

const dataQuality: readonly Line[] = [
  line(
    'emailVerified',
    8,
    ['the e-mail is verified', 'the e-mail is not verified', 'nobody has verified the e-mail'],
    (facts) => facts.emailVerified,
  ),
  line('phone', 6, ['a phone number is known', 'no phone number is known'], (facts) => facts.hasPhone || null),
  line('linkedin', 4, ['a LinkedIn profile is known', 'no profile is known'], (facts) => facts.hasLinkedin || null),
  line(
    'personalEmail',
    2,
    ['a personal e-mail is known', 'there is no personal e-mail', 'no personal e-mail is known'],
    (facts) => facts.hasPersonalEmail,
  ),
];

const companyFit: readonly Line[] = [
  line(
    'industry',
    10,
    ['the industry is targeted', 'the industry is not targeted', 'the industry is unknown'],
    targeted(
      (to) => to.industries,
      (facts) => facts.industry,
      targetsIndustry,
    ),
  ),
  line(
    'size',
    8,
    ['the size is targeted', 'the size is not targeted', 'the size is unknown'],
    targeted(
      (to) => to.companySizes,
      (facts) => facts.companySize,
      targetsSize,
    ),
  ),
  line(
    'location',
    7,
    ['the location is targeted', 'the location is not targeted', 'the location is unknown'],
    targeted((to) => to.locations, placeOf, targetsLocation),
  ),
];

const timing: readonly Line[] = [
  line(
    'newInRole',
    6,
    ['in the role for under 6 months', 'in the role for 6 months or more', 'the start in the role is unknown'],
    (facts, { today }) => within(6, facts.roleStartedOn, today),
  ),
  line(
    'hiring',
    5,
    ['the company is hiring', 'the company is not hiring', 'whether the company is hiring is unknown'],
    (facts) => facts.isHiring,
  ),
  line(
    'funded',
    4,
    ['funded within 12 months', 'funded more than 12 months ago', 'the last funding is unknown'],
    (facts, { today }) => within(12, facts.fundedOn, today),
  ),
];

const risk: readonly Line[] = [
  line('bounced', -8, ['a mail to the address bounced', 'no mail to it bounced'], (facts) => facts.bouncedBefore),
  line(
    'competitor',
    -10,
    ["a competitor's domain", "no competitor's domain", 'the competitors are unknown'],
    (facts) => facts.isAtCompetitor,
  ),
  line(
    'titleNotTargeted',
    -5,
    ['the title is not targeted', 'the title is targeted', 'the title is unknown'],
    (facts, context) => notOf(titleTargeted(facts, context)),
  ),
  addressRisk,
];

/** The table of ACC-3. */
export const scoreTable: readonly Part[] = [
  { part: 'dataQuality', maximum: 20, start: 0, lines: dataQuality },
  { part: 'authority', maximum: 25, start: 0, lines: [seniority] },
  { part: 'companyFit', maximum: 25, start: 0, lines: companyFit },
  { part: 'timing', maximum: 15, start: 0, lines: timing },
  { part: 'risk', maximum: 15, start: 15, lines: risk },
];

/**
 * ACC-3: the score of a lead with all its parts. Whoever unsubscribed before is excluded: each part is 0 and says so. The
 * risk never falls below 0.
 */
export function scoreOf(facts: ScoreFacts, context: ScoreContext): Score {
  const parts = scoreTable.map((part) => (facts.unsubscribedBefore ? excluded(part) : partOf(part, facts, context)));
  return { total: parts.reduce((sum, { points }) => sum + points, 0), parts };
}

function partOf({ part, maximum, start, lines }: Part, facts: ScoreFacts, context: ScoreContext): ScorePart {
  const items = lines.map(({ item, most, read }): ScoreItem => {
    const { points, known, reason } = read(facts, context);
    return { item, points, most, known, reason };
  });
  const sum = items.reduce((total, { points }) => total + points, start);
  return { part, points: Math.max(0, Math.min(sum, maximum)), maximum, items };
}

function excluded({ part, maximum, lines }: Part): ScorePart {
  const reason = 'excluded: unsubscribed before';
  return {
    part,
    points: 0,
    maximum,
    items: lines.map(({ item, most }) => ({ item, points: 0, most, known: true, reason })),
  };
}
