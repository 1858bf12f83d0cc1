import { IANAZone } from 'luxon';

/** Names of the IANA database without a slash that are places. Every other name without one is an abbreviation, or none. */
const places = new Set(
  `Cuba Egypt Eire GB GB-Eire Greenwich Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya NZ NZ-CHAT Navajo PRC
  Poland Portugal ROC ROK Singapore Turkey UTC GMT UCT Universal Zulu W-SU`
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);

/** What abbreviations stand for most often: to be written instead. Several mean different zones in different countries. */
const meant: Readonly<Record<string, string>> = {
  ACST: 'Australia/Adelaide',
  ACDT: 'Australia/Adelaide',
  AEST: 'Australia/Sydney or Australia/Brisbane',
  AEDT: 'Australia/Sydney',
  AWST: 'Australia/Perth',
  BST: 'Europe/London',
  CET: 'Europe/Berlin',
  CEST: 'Europe/Berlin',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  EET: 'Europe/Helsinki',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  HST: 'Pacific/Honolulu',
  IST: 'Asia/Kolkata, Europe/Dublin or Asia/Jerusalem',
  JST: 'Asia/Tokyo',
  MST: 'America/Denver or America/Phoenix',
  MDT: 'America/Denver',
  NZST: 'Pacific/Auckland',
  NZDT: 'Pacific/Auckland',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  SGT: 'Asia/Singapore',
  WET: 'Europe/Lisbon',
};

/**
 * Is this a name of the IANA database, canonical or a link? Offsets are none, and neither are abbreviations: libraries read
 * BST as Dhaka's.
 */
export function isZone(zone: string): boolean {
  const isName = zone.includes('/')
    ? /^[A-Za-z]/.test(zone) && !/^systemv\//i.test(zone)
    : places.has(zone.toLowerCase());
  return isName && IANAZone.isValidZone(zone);
}

/** Why this is no zone, and what to write instead; for people. */
export function whyNoZone(zone: string): string {
  const instead = meant[zone.trim().toUpperCase()];
  return instead === undefined
    ? 'is not an IANA zone; write it like Australia/Sydney'
    : `is an abbreviation, which means different zones in different places; write ${instead}`;
}
