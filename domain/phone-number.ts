import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';

/**
 * E.164 of a phone number, or null when it is none. Numbering plans move faster than any copy of them, and ranges that
 * are reserved for fiction are not in them; so a full-length number passes even when its range is not listed.
 * @param country ISO 3166-1 alpha-2, for numbers without a country code
 */
export function phoneNumber(text: string, country: string | null): string | null {
  // Apollo's export puts an apostrophe before the plus.
  const parsed = parsePhoneNumberFromString(text.replace(/^'/, ''), (country ?? undefined) as CountryCode | undefined);
  if (parsed === undefined) return null;
  const fullLength = parsed.isPossible() && parsed.nationalNumber.length >= 8;
  // In this order: whether a range is listed takes longest to find out, and most numbers need not be asked.
  return fullLength || parsed.isValid() ? parsed.number : null;
}
