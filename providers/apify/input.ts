import { z } from 'zod';
import type { AudienceQuery } from '../ports';

export const defaultInput =
  '{"titles":"$titles","industries":"$industries","locations":"$locations","sizes":"$sizes","maxItems":"$maxItems"}';

/** A JSON object, as text. */
export const actorInput = z.string().refine(isObject);

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The actor's input: wherever the template has the text "$titles", the list of titles stands, and so on. */
export function inputFor(template: string, query: AudienceQuery, maxItems: number): string {
  const values: Record<string, unknown> = {
    $titles: query.titles,
    $industries: query.industries,
    $locations: query.locations,
    $sizes: query.sizes.map(({ min, max }) => (max === null ? `${min}+` : `${min}-${max}`)),
    $maxItems: maxItems,
  };
  return JSON.stringify(JSON.parse(template), (_key, value: unknown) =>
    typeof value === 'string' && Object.hasOwn(values, value) ? values[value] : value,
  );
}
