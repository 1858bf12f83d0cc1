import { leadFields, type FieldValues, type LeadField } from '../../store/leads/lead-fields';

/** Further names of a field, in the order in which they count: the Leads CSV's own comes first, then Apollo's. */
const aliases: Partial<Record<LeadField, readonly string[]>> = {
  email: ['e_mail', 'email_address'],
  company: ['company_name', 'company_name_for_emails'],
  company_domain: ['website', 'company_website'],
  company_size: ['#_employees'],
  phone: ['work_direct_phone', 'corporate_phone', 'company_phone', 'other_phone', 'home_phone'],
  mobile: ['mobile_phone'],
  linkedin_url: ['person_linkedin_url'],
  funded_on: ['last_raised_at'],
};

/** Apollo gives the person's place and the headquarters'; the headquarters' counts (TIME-2). */
const headquarters = { city: 'company_city', state: 'company_state', country: 'company_country' } as const;

const plainName = (header: string): string =>
  header
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');

/** Reads rows under one header. */
export interface ColumnMap {
  /** Fields of a lead that the header has. */
  known: ReadonlySet<LeadField>;
  read(cells: readonly string[]): FieldValues;
}

/** Finds the columns by name, in any order and case, under their own names or Apollo's. Other columns are ignored. */
export function mapColumns(header: readonly string[]): ColumnMap {
  const positions = new Map<string, number>();
  header.forEach((name, index) => {
    if (!positions.has(plainName(name))) positions.set(plainName(name), index);
  });
  const positionsOf = (names: readonly string[]): number[] =>
    names.map((name) => positions.get(name)).filter((position) => position !== undefined);
  const columns = leadFields.map((field) => [field, positionsOf([field, ...(aliases[field] ?? [])])] as const);
  const places = Object.entries(headquarters).map(
    ([field, name]) => [field as keyof typeof headquarters, positionsOf([name])] as const,
  );
  return {
    known: new Set([...columns, ...places].filter(([, found]) => found.length > 0).map(([field]) => field)),
    read(cells) {
      const values = pick(columns, cells);
      const place = pick(places, cells);
      // Never half a person's place and half a headquarters'.
      if (Object.keys(place).length === 0) return values;
      const { city: _city, state: _state, country: _country, ...rest } = values;
      return { ...rest, ...place };
    },
  };
}

function pick(columns: readonly (readonly [LeadField, readonly number[]])[], cells: readonly string[]): FieldValues {
  const found = columns.flatMap(([field, positions]) => {
    const value = positions.map((position) => cells[position]?.trim() ?? '').find((cell) => cell !== '');
    return value === undefined ? [] : [[field, value] as const];
  });
  return Object.fromEntries(found);
}
