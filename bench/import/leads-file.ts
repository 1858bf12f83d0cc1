/** Where the headquarters of a generated lead are, and how numbers are written there: ranges reserved for fiction. */
const places = [
  { city: 'Sydney', state: 'NSW', country: 'Australia', phone: '+61 2 5550', mobile: '+61 491 570' },
  { city: 'Melbourne', state: 'VIC', country: 'Australia', phone: '+61 3 5550', mobile: '+61 491 571' },
  { city: 'Austin', state: 'TX', country: 'United States', phone: '+1 512 555', mobile: '+1 512 555' },
  { city: 'New York', state: 'NY', country: 'United States', phone: '+1 212 555', mobile: '+1 212 555' },
  { city: 'London', state: '', country: 'United Kingdom', phone: '+44 20 7946', mobile: '+44 7700 90' },
  { city: 'Auckland', state: '', country: 'New Zealand', phone: '+64 9 555', mobile: '+64 21 555' },
] as const;

const header =
  'email,first_name,last_name,title,company,company_domain,company_size,industry,phone,mobile,linkedin_url,city,state,country,timezone,als_score';

/** A Leads CSV of invented people, five of each company. */
export function leadsFile(rows: number): string {
  const lines = [header];
  for (let row = 0; row < rows; row += 1) {
    const place = places[row % places.length] ?? places[0];
    const company = Math.floor(row / 5);
    const domain = `company-${company}.example`;
    const digits = String(row % 10_000).padStart(4, '0');
    lines.push(
      [
        `jane.doe-${row}@${domain}`,
        'Jane',
        `Doe ${row}`,
        'Head of Operations',
        `"Company ${company}, Ltd"`,
        domain,
        '51-200',
        'Software',
        row % 3 === 0 ? '' : `${place.phone} ${digits}`,
        row % 4 === 0 ? '' : `${place.mobile} ${digits}`,
        `https://www.linkedin.com/in/jane-doe-${row}`,
        place.city,
        place.state,
        place.country,
        '',
        row % 101,
      ].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}
