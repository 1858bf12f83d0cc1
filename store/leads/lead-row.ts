import { DateTime } from 'luxon';
import { z } from 'zod';
import type { LocalDate } from '../../domain/calendar/local-date';
import { resolveCountry } from '../../domain/calendar/country';
import { isZone, whyNoZone } from '../../domain/calendar/zone-name';
import { phoneNumber } from '../../domain/phone-number';
import type { LeadDraft } from './lead-draft';
import type { LeadField, RawRow, Rejection } from './lead-fields';

/** A column's refusal; its text never repeats the value, which is personal data. */
class BadField extends Error {
  constructor(
    readonly field: LeadField,
    readonly reason: string,
  ) {
    super(reason);
  }
}

const longestValue = 500;
/** What PostgreSQL cannot store, and what no name or place needs. */
const unprintable = /[^\P{Cc}\t\n\r]|\p{Cs}/gu;

/** Checks and normalises one row: the lead, or one refusal that names the first bad field and mentions the others. */
export type CheckRow = (row: RawRow) => LeadDraft | Rejection;

/**
 * The check for the rows of one file. Countries are looked up once each: a file has thousands of rows and few countries.
 * @param clientCountry ISO 3166-1 alpha-2: where a phone number without country code is from when the row names no
 * country
 */
export function rowChecker(clientCountry: string): CheckRow {
  const regions = new Map<string, string>();
  return (row) => {
    const { country } = row.values;
    if (country === undefined) return checkRow(row, clientCountry);
    const region = regions.get(country) ?? resolveCountry(country) ?? clientCountry;
    if (regions.size < countriesRemembered) regions.set(country, region);
    return checkRow(row, region);
  };
}

/** More spellings than a sound file has. */
const countriesRemembered = 1000;

/** @param region ISO 3166-1 alpha-2: where a phone number without country code is from */
function checkRow({ row, values }: RawRow, region: string): LeadDraft | Rejection {
  const bad: BadField[] = [];
  const attempt = <Value>(check: () => Value): Value | null => {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof BadField)) throw error;
      bad.push(error);
      return null;
    }
  };
  const text = (field: LeadField): string | null => attempt(() => plainText(field, values[field]));
  const lead = {
    row,
    email: attempt(() => emailAddress(values.email)) ?? '',
    firstName: text('first_name'),
    lastName: text('last_name'),
    title: text('title'),
    company: text('company'),
    companyDomain: attempt(() => domainOf(values.company_domain)),
    companySize: text('company_size'),
    industry: text('industry'),
    phone: attempt(() => phone('phone', values.phone, region)),
    mobile: attempt(() => phone('mobile', values.mobile, region)),
    linkedinUrl: attempt(() => profileUrl(values.linkedin_url)),
    city: text('city'),
    state: text('state'),
    country: text('country'),
    timezone: attempt(() => zone(values.timezone)),
    score: attempt(() => score(values.als_score)),
    emailVerified: isVerified(values.email_status),
    roleStartedOn: dateIn(values.role_started_on),
    isHiring: yesOrNo(values.is_hiring),
    fundedOn: dateIn(values.funded_on),
  };
  return bad.length === 0 ? lead : rejection(row, bad);
}

/** Apollo's "Email Status". Here and below: a word that says nothing clear says nothing, and no row is refused for it. */
function isVerified(value: string | undefined): boolean | null {
  const word = value?.toLowerCase();
  if (word === 'verified') return true;
  return word !== undefined && ['unverified', 'extrapolated', 'guessed', 'invalid', 'unavailable'].includes(word)
    ? false
    : null;
}

function yesOrNo(value: string | undefined): boolean | null {
  const word = value?.toLowerCase() ?? '';
  if (['true', 'yes', '1'].includes(word)) return true;
  return ['false', 'no', '0'].includes(word) ? false : null;
}

/** The date of "2025-09-01" or "2025-09-01T00:00:00Z"; a year alone is none. */
function dateIn(value: string | undefined): LocalDate | null {
  const date = DateTime.fromISO(/^(?:19|20)\d{2}-\d{2}-\d{2}(?=$|[T ])/.exec(value ?? '')?.[0] ?? '', { zone: 'utc' });
  return date.isValid ? date.toISODate() : null;
}

function rejection(row: number, [first, ...others]: BadField[]): Rejection {
  const also = others.map((other) => `; ${other.field}: ${other.reason}`).join('');
  return { row, field: first?.field ?? '(row)', reason: `${first?.reason ?? ''}${also}` };
}

function plainText(field: LeadField, value: string | undefined): string | null {
  const clean = value?.replace(unprintable, '').trim() ?? '';
  if (clean === '') return null;
  if (clean.length > longestValue) throw new BadField(field, `is longer than ${longestValue} characters; shorten it`);
  return clean;
}

function emailAddress(value: string | undefined): string {
  const address = value?.toLowerCase();
  if (address === undefined) throw new BadField('email', 'is empty; every lead needs an e-mail address');
  const [local = ''] = address.split('@');
  if (address.length > 254 || local.length > 64 || !z.email().safeParse(address).success) {
    throw new BadField('email', 'is not an e-mail address; correct it');
  }
  return address;
}

/** "https://www.acme.example/about" → "acme.example". */
function domainOf(value: string | undefined): string | null {
  const clean = plainText('company_domain', value);
  if (clean === null) return null;
  const host = clean
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/?#:].*$/, '')
    .replace(/^www\./, '');
  if (!/^[^\s@.]+(\.[^\s@.]+)+$/.test(host)) {
    throw new BadField('company_domain', 'is not a domain; write it like acme.example, or leave it empty');
  }
  return host;
}

function phone(field: 'phone' | 'mobile', value: string | undefined, country: string): string | null {
  if (value === undefined) return null;
  const number = phoneNumber(value, country);
  if (number !== null) return number;
  throw new BadField(field, 'is not a phone number; write it with + and country code, or leave it empty');
}

const profile = /^(?:https?:\/\/)?(?:[a-z]{2,3}\.)?linkedin\.com\/in\/[^/?#\s]+\/?(?:[?#].*)?$/i;

/** Kept as it was written, but for a missing scheme and tracking parameters: others compare it to the file. */
function profileUrl(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (!profile.test(value) || value.length > longestValue) {
    throw new BadField(
      'linkedin_url',
      'is not a profile; write it like https://www.linkedin.com/in/jane-doe, or leave it empty',
    );
  }
  const url = value.replace(/[?#].*$/, '');
  return /^https?:/i.test(url) ? url : `https://${url}`;
}

function zone(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (!isZone(value)) {
    throw new BadField('timezone', `${whyNoZone(value)}, or leave it empty`);
  }
  // The zone's own spelling: "australia/sydney" works here, but not everywhere.
  const spelled = new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  return spelled.toLowerCase() === value.toLowerCase() ? spelled : value;
}

function score(value: string | undefined): number | null {
  if (value === undefined) return null;
  if (!/^\d{1,3}$/.test(value) || Number(value) > 100) {
    throw new BadField('als_score', 'is not a whole number from 0 to 100; correct it, or leave it empty');
  }
  return Number(value);
}
