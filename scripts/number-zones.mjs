/**
 * Writes domain/calendar/number-zones.json anew from libphonenumber's file of prefixes and zones:
 * `node scripts/number-zones.mjs map_data.txt "libphonenumber 9.0.43"`.
 * The file: https://github.com/google/libphonenumber, resources/timezones/map_data.txt (Apache-2.0).
 */
import { readFileSync, writeFileSync } from 'node:fs';

const [file, version] = process.argv.slice(2);
if (file === undefined || version === undefined) {
  console.error('usage: node scripts/number-zones.mjs MAP_DATA.TXT VERSION');
  process.exit(2);
}
/** Prefixes by the zones that they say, "America/Boise&America/Los_Angeles". */
const byZones = {};
for (const line of readFileSync(file, 'utf8').split('\n')) {
  const [prefix, zones] = line.trim().split('|');
  if (!/^\d+$/.test(prefix) || zones === undefined) continue;
  (byZones[zones] ??= []).push(prefix);
}
const prefixes = Object.fromEntries(
  Object.entries(byZones)
    .map(([zones, list]) => [zones, list.sort().join(' ')])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);
const origin = `${version}, resources/timezones/map_data.txt (Apache-2.0)`;
writeFileSync(
  new URL('../domain/calendar/number-zones.json', import.meta.url),
  `${JSON.stringify({ origin, prefixes }, null, 2)}\n`,
);
