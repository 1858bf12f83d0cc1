import type { PersonFact, PersonFacts } from './ports';

/** What a provider says, without what it does not. */
export function factsFrom(said: Partial<Record<PersonFact, string | null>>): PersonFacts {
  const known = Object.entries(said).flatMap(([name, value]) => {
    const text = value?.replace(unstorable, '').trim() ?? '';
    return text === '' ? [] : [[name, text] as const];
  });
  return Object.fromEntries(known);
}

/** What PostgreSQL cannot store, and no name needs: NUL and halves of characters. */
const unstorable = /\0|\p{Cs}/gu;

/** The upper ends of the ranges in which companies are counted. */
const rangeEnds = [10, 50, 200, 500, 1_000, 5_000, 10_000] as const;

/** 120 → "51-200"; 20,000 → "10001+"; a range that is one already stays; null when it says nothing. */
export function employeeRange(employees: unknown): string | null {
  if (typeof employees === 'string' && !/^\d+$/.test(employees.trim())) return employees.trim() || null;
  const count = Number(employees ?? Number.NaN);
  if (!Number.isFinite(count) || count < 1) return null;
  const index = rangeEnds.findIndex((end) => count <= end);
  const begin = (rangeEnds[(index === -1 ? rangeEnds.length : index) - 1] ?? 0) + 1;
  return index === -1 ? `${begin}+` : `${begin}-${rangeEnds[index]}`;
}
