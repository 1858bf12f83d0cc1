import { DateTime } from 'luxon';
import { englishDates } from './date-words';

const trigger =
  /\b(?:back|return(?:s|ing)?|until|till?|through|thru|resum(?:e|es|ing)|re-?opens?(?:ing)?|available(?: again)?|leave ends|in the office(?: again)? (?:from|on))\b/g;
/** How far behind its trigger word a date may stand, in characters. */
const reach = 60;

/** How much is read, in characters: notices of absence say it at once, and others may be made to take long. */
const readLength = 20_000;
/** Nobody states a return further ahead than this. In years. */
const believedYears = 1;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** Short forms only where they are no other words: people are back from the sun. */
const weekday = '(mon(?:day)?|tue(?:s|sday)?|weds?(?:nesday)?|wednesday|thu(?:rs?|rsday)?|fri(?:day)?|saturday|sunday)';
const counts = ['a', 'two', 'three', 'four', 'five', 'six'];
const month = `(${months.join('|')})[a-z]*\\.?`;
const day = '(\\d{1,2})(?:st|nd|rd|th)?';
const year = '(?:(?:,? |-)(\\d{4}))?';

/** How numbers are ordered where they are written: 3/6 is in March or in June. */
export interface DateOrder {
  monthFirst: boolean;
}

type Reading = (match: RegExpExecArray, today: DateTime, order: DateOrder) => DateTime | null;

/** How dates are written, the plainest first. Each reading gives a date on or after today, or null. */
const notations: [RegExp, Reading][] = [
  [/\b(\d{4})-(\d{1,2})-(\d{1,2})\b/, (m, today) => onOrAfter(today, m[3], Number(m[2]), m[1])],
  [
    new RegExp(`\\b${day}[ -](?:of )?${month}${year}\\b`),
    (m, today) => onOrAfter(today, m[1], monthNumber(m[2]), m[3]),
  ],
  [new RegExp(`\\b${month} ${day}${year}\\b(?!\\d)`), (m, today) => onOrAfter(today, m[2], monthNumber(m[1]), m[3])],
  [/\b(\d{1,2})-(\d{1,2})-(\d{4})\b/, numericDate],
  // Not "at 9.30", "9.30 am", "24/7".
  [/(?<!\bat )\b(?!24\/7\b)(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?\b(?! ?[ap]\.?m\b)/, numericDate],
  [
    new RegExp(`\\b(?:the|on|${weekday},?(?: the)?) (\\d{1,2})(?:st|nd|rd|th)\\b`),
    (m, today) => dayOfMonth(m[2], today),
  ],
  [
    new RegExp(
      `\\b(end of|mid|middle of|early|beginning of|start of)?(?: |-)?(?:the )?${month}(?:,? (\\d{4}))?\\b(?! (?:i|we|you|be|not)\\b)`,
    ),
    partOfMonth,
  ],
  [/\bin (?:about )?(?:a )?fortnight\b/, (_m, today) => today.plus({ weeks: 2 })],
  [new RegExp(`\\bin (?:about )?(${counts.join('|')}|one|\\d{1,2}) (day|week|month)s?\\b`), after],
  [/\btomorrow\b/, (_m, today) => today.plus({ days: 1 })],
  [/\bnext week\b/, (_m, today) => today.plus({ weeks: 1 }).startOf('week')],
  [new RegExp(`\\b${weekday}\\b`), nextWeekday],
];

/**
 * The day on which an automatic reply says that its sender is back (SEQ-3): "back on 16 March 2026", "until 16/03/2026",
 * "2 to 13 March", "back next Monday", "in two weeks", "until September"; in English, German, French, Spanish, Italian and
 * Dutch.
 * @param today the writer's own: what dates without a year, and weekdays, are counted from
 * @returns YYYY-MM-DD, the latest when several are stated; null when none is, or only past ones and ones more than a year ahead
 */
export function statedReturnDate(
  text: string,
  today: DateTime,
  order: DateOrder = { monthFirst: false },
): string | null {
  const from = DateTime.utc(today.year, today.month, today.day);
  const flat = spansAsEnds(englishDates(text.slice(0, readLength)));
  const stated = [...flat.matchAll(trigger)]
    .map((found) => {
      const behind = flat.slice(found.index + found[0].length, found.index + found[0].length + reach);
      const sentence =
        behind.split(/[.;!?] (?=[a-z"'(])(?<!\b(?:mon|tues?|weds?|thurs?|fri|sept?|[a-z]{3})\. )/)[0] ?? '';
      const date = firstDate(sentence, from, order);
      // "Through the 15th", "until 15 March inclusive": still away on the 15th.
      const isLastDay = found[0].startsWith('thr') || /\binclu(?:ding|sive|ded|s|so)\b/.test(sentence);
      return date && isLastDay ? date.plus({ days: 1 }) : date;
    })
    .filter((date): date is DateTime => date !== null && date <= from.plus({ years: believedYears }));
  return (
    stated.reduce<DateTime | null>((last, date) => (last === null || date > last ? date : last), null)?.toISODate() ??
    null
  );
}

const aDay = `(?:${weekday},? )?(?:${day}(?:[ -](?:of )?${month})?|${month} ${day}|\\d{1,2}[/.]\\d{1,2}(?:[/.]\\d{2,4})?)${year}`;
const span = new RegExp(
  `(\\b${aDay}) ?(?:to|-|and|until|through|au|al|a) ?(?=${aDay.replace(/\((?!\?)/g, '(?:')})`,
  'g',
);

/** "2 March to 13 March", "2-13 March": away through the second. */
function spansAsEnds(text: string): string {
  return text.replace(span, (whole: string, first: string, ...rest: unknown[]) => {
    const behind = String(rest.at(-1)).slice(
      Number(rest.at(-2)) + whole.length,
      Number(rest.at(-2)) + whole.length + 14,
    );
    // A number alone is no date: what follows must name the month, or be written with one.
    return new RegExp(`^(?:${weekday},? )?(?:${day}[ -](?:of )?${month}|${month} ${day}|\\d{1,2}[/.]\\d{1,2})`).test(
      behind,
    )
      ? `${first} through `
      : whole;
  });
}

function firstDate(text: string, today: DateTime, order: DateOrder): DateTime | null {
  for (const [pattern, read] of notations) {
    const match = pattern.exec(text);
    if (match) return read(match, today, order);
  }
  return null;
}

/** A stated past date this many days ago is past; longer ago, without a year, next year's is meant. */
const staleDays = 60;

function onOrAfter(
  today: DateTime,
  dayText: string | undefined,
  monthIndex: number,
  yearText?: string,
): DateTime | null {
  const stated = yearText === undefined ? today.year : Number(yearText.length === 2 ? `20${yearText}` : yearText);
  const date = DateTime.fromObject({ year: stated, month: monthIndex, day: Number(dayText) }, { zone: 'utc' });
  if (!date.isValid) return null;
  if (date >= today) return date;
  const daysAgo = today.diff(date, 'days').days;
  return yearText === undefined && daysAgo > staleDays ? date.plus({ years: 1 }) : null;
}

/** 16/03/2026 is day first, or month first where that is the custom, unless it cannot be, or has passed while the other has not. */
function numericDate(match: RegExpExecArray, today: DateTime, { monthFirst }: DateOrder): DateTime | null {
  const [, first, second, yearText] = match;
  const dayFirst = onOrAfter(today, first, Number(second), yearText);
  const other = onOrAfter(today, second, Number(first), yearText);
  return monthFirst ? (other ?? dayFirst) : (dayFirst ?? other);
}

/** "Back on the 16th." */
function dayOfMonth(text: string | undefined, today: DateTime): DateTime | null {
  const wanted = Number(text);
  const date = today.set({ day: wanted });
  if (wanted > 31 || date.day !== wanted) return null;
  return date >= today ? date : date.plus({ months: 1 });
}

/** "Until September", "mid-April", "the end of March": the first day of it, its middle, the day after it. */
function partOfMonth(match: RegExpExecArray, today: DateTime): DateTime | null {
  const [, part, name, yearText] = match;
  const first = onOrAfter(today.startOf('month'), '1', monthNumber(name), yearText);
  if (first === null) return null;
  if (part === 'end of') return first.plus({ months: 1 });
  const date = part?.startsWith('mid') === true ? first.plus({ days: 14 }) : first;
  return date >= today ? date : null;
}

/** "In two weeks." */
function after(match: RegExpExecArray, today: DateTime): DateTime {
  const count = match[1] ?? '';
  const amount = Number(count) || Math.max(counts.indexOf(count), 0) + 1;
  return today.plus({ [`${match[2]}s`]: amount });
}

function nextWeekday(match: RegExpExecArray, today: DateTime): DateTime {
  const wanted = weekdays.indexOf((match[1] ?? '').slice(0, 3)) + 1;
  return today.plus({ days: ((wanted - today.weekday + 6) % 7) + 1 });
}

function monthNumber(name: string | undefined): number {
  return months.indexOf(name ?? '') + 1;
}
