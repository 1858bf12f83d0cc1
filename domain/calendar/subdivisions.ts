/**
 * States and provinces whose zone TIME-2 names, by ISO 3166-2 code without the country. A state with several zones
 * has the one most of its people live in; a known city decides better (recipient-zone.ts).
 */
export interface Subdivision {
  name: string;
  zone: string;
}

const eastern = 'America/New_York';
const central = 'America/Chicago';
const mountain = 'America/Denver';
const pacific = 'America/Los_Angeles';

export const subdivisions: Readonly<Record<string, Readonly<Record<string, Subdivision>>>> = {
  AU: {
    NSW: { name: 'New South Wales', zone: 'Australia/Sydney' },
    ACT: { name: 'Australian Capital Territory', zone: 'Australia/Sydney' },
    VIC: { name: 'Victoria', zone: 'Australia/Melbourne' },
    QLD: { name: 'Queensland', zone: 'Australia/Brisbane' },
    SA: { name: 'South Australia', zone: 'Australia/Adelaide' },
    NT: { name: 'Northern Territory', zone: 'Australia/Darwin' },
    WA: { name: 'Western Australia', zone: 'Australia/Perth' },
    TAS: { name: 'Tasmania', zone: 'Australia/Hobart' },
  },
  CA: {
    AB: { name: 'Alberta', zone: 'America/Edmonton' },
    BC: { name: 'British Columbia', zone: 'America/Vancouver' },
    MB: { name: 'Manitoba', zone: 'America/Winnipeg' },
    NB: { name: 'New Brunswick', zone: 'America/Moncton' },
    NL: { name: 'Newfoundland and Labrador', zone: 'America/St_Johns' },
    NS: { name: 'Nova Scotia', zone: 'America/Halifax' },
    NT: { name: 'Northwest Territories', zone: 'America/Edmonton' },
    NU: { name: 'Nunavut', zone: 'America/Iqaluit' },
    ON: { name: 'Ontario', zone: 'America/Toronto' },
    PE: { name: 'Prince Edward Island', zone: 'America/Halifax' },
    QC: { name: 'Quebec', zone: 'America/Toronto' },
    SK: { name: 'Saskatchewan', zone: 'America/Regina' },
    YT: { name: 'Yukon', zone: 'America/Whitehorse' },
  },
  US: {
    AL: { name: 'Alabama', zone: central },
    AK: { name: 'Alaska', zone: 'America/Anchorage' },
    AZ: { name: 'Arizona', zone: 'America/Phoenix' },
    AR: { name: 'Arkansas', zone: central },
    CA: { name: 'California', zone: pacific },
    CO: { name: 'Colorado', zone: mountain },
    CT: { name: 'Connecticut', zone: eastern },
    DC: { name: 'District of Columbia', zone: eastern },
    DE: { name: 'Delaware', zone: eastern },
    FL: { name: 'Florida', zone: eastern },
    GA: { name: 'Georgia', zone: eastern },
    HI: { name: 'Hawaii', zone: 'Pacific/Honolulu' },
    ID: { name: 'Idaho', zone: 'America/Boise' },
    IL: { name: 'Illinois', zone: central },
    IN: { name: 'Indiana', zone: 'America/Indiana/Indianapolis' },
    IA: { name: 'Iowa', zone: central },
    KS: { name: 'Kansas', zone: central },
    KY: { name: 'Kentucky', zone: 'America/Kentucky/Louisville' },
    LA: { name: 'Louisiana', zone: central },
    ME: { name: 'Maine', zone: eastern },
    MD: { name: 'Maryland', zone: eastern },
    MA: { name: 'Massachusetts', zone: eastern },
    MI: { name: 'Michigan', zone: 'America/Detroit' },
    MN: { name: 'Minnesota', zone: central },
    MS: { name: 'Mississippi', zone: central },
    MO: { name: 'Missouri', zone: central },
    MT: { name: 'Montana', zone: mountain },
    NE: { name: 'Nebraska', zone: central },
    NV: { name: 'Nevada', zone: pacific },
    NH: { name: 'New Hampshire', zone: eastern },
    NJ: { name: 'New Jersey', zone: eastern },
    NM: { name: 'New Mexico', zone: mountain },
    NY: { name: 'New York', zone: eastern },
    NC: { name: 'North Carolina', zone: eastern },
    ND: { name: 'North Dakota', zone: central },
    OH: { name: 'Ohio', zone: eastern },
    OK: { name: 'Oklahoma', zone: central },
    OR: { name: 'Oregon', zone: pacific },
    PA: { name: 'Pennsylvania', zone: eastern },
    RI: { name: 'Rhode Island', zone: eastern },
    SC: { name: 'South Carolina', zone: eastern },
    SD: { name: 'South Dakota', zone: central },
    TN: { name: 'Tennessee', zone: central },
    TX: { name: 'Texas', zone: central },
    UT: { name: 'Utah', zone: mountain },
    VT: { name: 'Vermont', zone: eastern },
    VA: { name: 'Virginia', zone: eastern },
    WA: { name: 'Washington', zone: pacific },
    WV: { name: 'West Virginia', zone: eastern },
    WI: { name: 'Wisconsin', zone: central },
    WY: { name: 'Wyoming', zone: mountain },
  },
};

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** The code of a state given as a code ("NSW", "US-CA") or a name ("New South Wales"); null when it is unknown. */
export function subdivisionCode(countryCode: string, state: string): string | null {
  const table = subdivisions[countryCode] ?? {};
  const bare = state.trim().toUpperCase().replace(`${countryCode}-`, '');
  if (Object.hasOwn(table, bare)) return bare;
  return Object.keys(table).find((code) => same(table[code]?.name ?? '', state)) ?? null;
}
