/** The fields of a lead, as the Leads CSV names them. */
export const leadFields = [
  'email',
  'first_name',
  'last_name',
  'title',
  'company',
  'company_domain',
  'company_size',
  'industry',
  'phone',
  'mobile',
  'linkedin_url',
  'city',
  'state',
  'country',
  'timezone',
  'als_score',
  'email_status',
  'role_started_on',
  'is_hiring',
  'funded_on',
] as const;
export type LeadField = (typeof leadFields)[number];

/** One row's fields by name; empty ones are left out. */
export type FieldValues = Partial<Record<LeadField, string>>;

export interface RawRow {
  row: number;
  values: FieldValues;
}

/** A row that is refused. The header of a CSV is row 1, so its first lead is row 2. */
export interface Rejection {
  row: number;
  field: string;
  reason: string;
}
