/** CTL-1: whom the user wants to reach, in the words of the campaign's targeting. */
export interface TargetedPeople {
  industries: readonly string[];
  titles: readonly string[];
  companySizes: readonly string[];
  locations: readonly string[];
}

/** The same as a search understands it. `max` null: and more. */
export interface Audience {
  titles: string[];
  industries: string[];
  locations: string[];
  sizes: { min: number; max: number | null }[];
}

/** Leads that one request may ask for. */
export const leadsOfRequest = 500;

/** Days after which a search that was exhausted begins anew: people move, and new ones are found. */
export const searchAgainAfterDays = 30;

/**
 * What a search can ask for of a targeting. Sizes are read as "51-200", "51 to 200", "200+" or "up to 50";
 * the free text of the ICP refines what is written, not who is found.
 * @returns also the sizes that say no number: they cannot narrow anything
 */
export function audienceOf(targeting: Partial<TargetedPeople>): { audience: Audience; notUnderstood: string[] } {
  const { titles = [], industries = [], locations = [], companySizes = [] } = targeting;
  const read = companySizes.map((said) => ({ said, size: sizeOf(said) }));
  return {
    audience: {
      titles: [...titles],
      industries: [...industries],
      locations: [...locations],
      sizes: read.flatMap(({ size }) => size ?? []),
    },
    notUnderstood: read.flatMap(({ said, size }) => (size === null ? [said] : [])),
  };
}

/** Does it name anybody? A search without any word would find everyone. */
export const namesSomebody = (audience: Audience): boolean => Object.values(audience).some((list) => list.length > 0);

function sizeOf(said: string): Audience['sizes'][number] | null {
  const text = said.replace(/(?<=\d)[,.\s](?=\d{3}\b)/g, '');
  const [first, second] = (text.match(/\d+/g) ?? []).map(Number);
  if (first === undefined) return null;
  if (second !== undefined) return { min: Math.min(first, second), max: Math.max(first, second) };
  if (/\+|more|over|above|from|>/i.test(text)) return { min: first, max: null };
  if (/up to|under|below|less|at most|</i.test(text)) return { min: 1, max: first };
  return { min: first, max: first };
}

/**
 * How many leads a campaign should look for now: so many that the next days have enough waiting, never the whole month's
 * at once (PACE-2).
 * @param perDay leads that the campaign is about to admit a day; may be a fraction
 */
export function leadsToSource({
  waiting,
  perDay,
  daysAhead,
}: {
  waiting: number;
  perDay: number;
  daysAhead: number;
}): number {
  const wanted = Math.ceil(Math.max(0, perDay) * Math.max(0, daysAhead)) - waiting;
  return Math.min(Math.max(0, wanted), leadsOfRequest);
}
