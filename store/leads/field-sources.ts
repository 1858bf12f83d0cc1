import type { LeadDraft } from './lead-draft';

/** The fields of a lead that somebody can tell. */
export type ToldField = Exclude<keyof LeadDraft, 'row'>;

/** Who told a field, and when. */
export interface FieldSource {
  /** A provider's name. */
  by: string;
  /** ISO 8601. */
  at: string;
}

/** The fields that a provider told; all others are the import's own. */
export type FieldSources = Partial<Record<ToldField, FieldSource>>;

type Fields = Partial<Record<ToldField, string | number | boolean | null>>;

/** Everything that these fields say was told by this provider. */
export function toldBy(by: string, fields: Fields, now: Date): FieldSources {
  const source = { by, at: now.toISOString() };
  const said = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(said.map(([name]) => [name, source]));
}

/**
 * What an import says itself wins over what a provider told: these fields of the known lead give way. A told city and state
 * do so to any place of the import's: half of one place and half of another would be a third one.
 */
export function givingWay(known: FieldSources, draft: Fields): ToldField[] {
  const isSaid = (name: ToldField): boolean => draft[name] !== null && draft[name] !== undefined;
  const withPlace: readonly ToldField[] =
    isSaid('city') || isSaid('state') || isSaid('country') ? ['city', 'state'] : [];
  return (Object.keys(known) as ToldField[]).filter((name) => isSaid(name) || withPlace.includes(name));
}

/** The sources without those of these fields. */
export function withoutSourcesOf(known: FieldSources, fields: readonly ToldField[]): FieldSources {
  return Object.fromEntries(Object.entries(known).filter(([name]) => !fields.includes(name as ToldField)));
}
