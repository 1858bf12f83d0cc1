import { DateTime } from 'luxon';

const trigger = /\b(?:back|return(?:s|ing)?|until|till|through|thru|resum(?:e|ing)|available(?: again)?)\b/gi;
/** How far behind its trigger word a date may stand, in characters. */
const reach = 60;

/** How much is read, in characters: notices of absence say it at once, and others may be made to take long. */
const readLength = 20_000;
/** Nobody states a return further ahead than this. In years. */
const believedYears = 2;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** Short forms only where they are no other words: people are back from the sun. */
const weekday = '(mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|saturday|sunday)';
const counts = ['a', 'two', 'three', 'four', 'five', 'six'];
const month = `(${months.join('|')})[a-z]*\\.?`;
const day = '(\\d{1,2})(?:st|nd|rd|th)?';
const year = '(?:(?:,? |-)(\\d{4}))?';

type Reading = (match: RegExpExecArray, today: DateTime) => DateTime | null;

/** How dates are written, the plainest first. Each reading gives a date on or after today, or null. */
const notations: [RegExp, Reading][] = [
  [/\b(\d{4})-(\d{1,2})-(\d{1,2})\b/, (m, today) => onOrAfter(today, m[3], Number(m[2]), m[1])],
  [
    new RegExp(`\\b${day}[ -](?:of )?${month}${year}\\b`, 'i'),
    (m, today) => onOrAfter(today, m[1], monthNumber(m[2]), m[3]),
  ],
  [new RegExp(`\\b${month} ${day}${year}\\b`, 'i'), (m, today) => onOrAfter(today, m[2], monthNumber(m[1]), m[3])],
  [/\b(\d{1,2})-(\d{1,2})-(\d{4})\b/, numericDate],
  // Not "at 9.30", "9.30 am", "24/7".
  [/(?<!\bat )\b(?!24\/7\b)(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?\b(?! ?[ap]\.?m\b)/i, numericDate],
  [/\b(?:the|on) (\d{1,2})(?:st|nd|rd|th)\b/i, dayOfMonth],
  [new RegExp(`\\bin (?:about )?(${counts.join('|')}|one|\\d{1,2}) (day|week|month)s?\\b`, 'i'), after],
  [/\btomorrow\b/i, (_m, today) => today.plus({ days: 1 })],
  [/\bnext week\b/i, (_m, today) => today.plus({ weeks: 1 }).startOf('week')],
  [new RegExp(`\\b${weekday}\\b`, 'i'), nextWeekday],
];

/**
 * The day on which an automatic reply says that its sender is back (SEQ-3): "back on 16 March 2026", "return on
 * March 16", "until 16/03/2026", "back next Monday", "in two weeks". English only.
 * @param receivedAt what dates without a year, and weekdays, are counted from
 * @returns YYYY-MM-DD, the latest when several are stated; null when none is, or only past ones and ones years ahead
 */
export function statedReturnDate(text: string, receivedAt: Date): string | null {
  const today = DateTime.fromJSDate(receivedAt, { zone: 'utc' }).startOf('day');
  const flat = text.slice(0, readLength).replace(/\s+/g, ' ');
  const stated = [...flat.matchAll(trigger)]
    .map((found) => {
      const behind = flat.slice(found.index + found[0].length, found.index + found[0].length + reach);
      const sentence = behind.split(/[.;!?] (?=[A-Z"'(])/)[0] ?? '';
      const date = firstDate(sentence, today);
      // "Through the 15th", "until 15 March inclusive": still away on the 15th.
      const isLastDay = /^thr/i.test(found[0]) || /\binclu(?:ding|sive|ded)\b/i.test(sentence);
      return date && isLastDay ? date.plus({ days: 1 }) : date;
    })
    .filter((date): date is DateTime => date !== null && date <= today.plus({ years: believedYears }));
  return (
    stated.reduce<DateTime | null>((last, date) => (last === null || date > last ? date : last), null)?.toISODate() ??
    null
  );
}

function firstDate(text: string, today: DateTime): DateTime | null {
  for (const [pattern, read] of notations) {
    const match = pattern.exec(text);
    if (match) return read(match, today);
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

/** 16/03/2026 is day first unless that cannot be, or has passed while the other has not. */
function numericDate(match: RegExpExecArray, today: DateTime): DateTime | null {
  const [, first, second, yearText] = match;
  return onOrAfter(today, first, Number(second), yearText) ?? onOrAfter(today, second, Number(first), yearText);
}

function dayOfMonth(match: RegExpExecArray, today: DateTime): DateTime | null {
  const wanted = Number(match[1]);
  const date = today.set({ day: wanted });
  if (wanted > 31 || date.day !== wanted) return null;
  return date >= today ? date : date.plus({ months: 1 });
}

/** "In two weeks." */
function after(match: RegExpExecArray, today: DateTime): DateTime {
  const count = (match[1] ?? '').toLowerCase();
  const amount = Number(count) || Math.max(counts.indexOf(count), 0) + 1;
  return today.plus({ [`${match[2]?.toLowerCase()}s`]: amount });
}

function nextWeekday(match: RegExpExecArray, today: DateTime): DateTime {
  const wanted = weekdays.indexOf((match[1] ?? '').slice(0, 3).toLowerCase()) + 1;
  return today.plus({ days: ((wanted - today.weekday + 6) % 7) + 1 });
}

function monthNumber(name: string | undefined): number {
  return months.indexOf((name ?? '').toLowerCase()) + 1;
}
