import { isSystemControlled } from '../system-controlled';
import {
  leadFields,
  type FieldValues,
  type LeadField,
  type RawRow,
  type Rejection,
} from '../../store/leads/lead-fields';

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Both spellings of every field: the API's own and the Leads CSV's. */
const fieldsByName = new Map<string, LeadField>(
  leadFields.flatMap((field) => [[field, field] as const, [camelCase(field), field] as const]),
);

/** Reads `{leads: […]}`: the first lead is row 1. Unknown fields are refused, row by row. */
export function* readJsonLeads(leads: readonly Record<string, unknown>[]): Generator<RawRow | Rejection> {
  let row = 0;
  for (const lead of leads) {
    row += 1;
    yield readLead(lead, row);
  }
}

function readLead(lead: Record<string, unknown>, row: number): RawRow | Rejection {
  const values: FieldValues = {};
  for (const [name, value] of Object.entries(lead)) {
    const field = fieldsByName.get(name);
    if (field === undefined) return { row, field: name, reason: refusal(name) };
    if (value === null || value === undefined) continue;
    if (typeof value !== 'string' && !(field === 'als_score' && typeof value === 'number')) {
      return { row, field: name, reason: field === 'als_score' ? 'must be a number' : 'must be text' };
    }
    const content = String(value).trim();
    if (content !== '') values[field] = content;
  }
  return { row, values };
}

const refusal = (name: string): string =>
  isSystemControlled(name) ? 'is set by the system (CTL-2); leave it out' : 'is not a field of a lead; leave it out';
