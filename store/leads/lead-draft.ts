import type { LocalDate } from '../../domain/calendar/local-date';
import type { Channel } from '../../domain/channels';

/** A lead as a file or request brings it, checked and normalised. */
export interface LeadDraft {
  /** The row it came from, for the lead's story. */
  row: number;
  /** Lower case. */
  email: string;
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  company: string | null;
  companyDomain: string | null;
  companySize: string | null;
  industry: string | null;
  /** E.164. */
  phone: string | null;
  /** E.164. */
  mobile: string | null;
  linkedinUrl: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  /** IANA, as stated. */
  timezone: string | null;
  score: number | null;
  /** Did a source confirm that the address reaches the person (ACC-3)? Here and below null: nobody said. */
  emailVerified?: boolean | null;
  roleStartedOn?: LocalDate | null;
  isHiring?: boolean | null;
  fundedOn?: LocalDate | null;
}

/** Where a lead of an imported campaign stands (MIG-1). */
export interface LeadPosition {
  /** The last step that lies behind it, done or not; 0: none. */
  lastStep: number;
  /** The steps that were done, in the order of their numbers; `day` is the step's own. */
  finished: readonly { step: number; day: number; channel: Channel; doneAt: Date }[];
}

export interface ImportTarget {
  campaignId: string;
  client: { id: string; timezone: string; country: string };
  secretKey: string;
  now: Date;
  /** By row; missing: nobody has a position. */
  positions?: ReadonlyMap<number, LeadPosition>;
}
