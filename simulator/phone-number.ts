import parsePhoneNumber from 'libphonenumber-js/max';

/** Is this a number in E.164 that somebody could have? */
export function isPhoneNumber(text: string): boolean {
  return /^\+[1-9]\d{8,14}$/.test(text) && (parsePhoneNumber(text)?.isPossible() ?? false);
}
