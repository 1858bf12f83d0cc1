/** Where companies of the simulated world have their headquarters. */
export interface City {
  name: string;
  state: string;
  country: string;
  /** How likely a company is here. */
  weight: number;
  /** Telephone ranges that are kept for fiction, without their last digits: E.164 and the digits that are free. */
  office: FictionalRange | null;
  mobile: FictionalRange | null;
}

export interface FictionalRange {
  prefix: string;
  from: number;
  to: number;
}

const range = (prefix: string, from: number, to: number): FictionalRange => ({ prefix, from, to });

const australian = (name: string, state: string, area: number, weight: number): City => ({
  name,
  state,
  country: 'Australia',
  weight,
  office: range(`+61${area}5550`, 3_000, 9_999),
  mobile: range('+61491570', 300, 999),
});

/** 555-01XX of the city's area code: the first numbers are mobiles, the others offices. */
const american = (name: string, state: string, area: number, weight: number): City => ({
  name,
  state,
  country: 'United States',
  weight,
  office: range(`+1${area}55501`, 60, 99),
  mobile: range(`+1${area}55501`, 20, 59),
});

const canadian = (name: string, state: string, area: number, weight: number): City => {
  const { office, mobile } = american(name, state, area, weight);
  return { name, state, country: 'Canada', weight, office, mobile };
};

const british = (name: string, state: string, office: string, weight: number): City => ({
  name,
  state,
  country: 'United Kingdom',
  weight,
  office: range(office, 300, 999),
  mobile: range('+447700900', 100, 999),
});

/** Nothing is kept for fiction among New Zealand's mobiles. */
const newZealand = (name: string, state: string, area: number, weight: number): City => ({
  name,
  state,
  country: 'New Zealand',
  weight,
  office: range(`+64${area}555`, 3_000, 9_999),
  mobile: null,
});

const german = (name: string, state: string, office: string, weight: number): City => ({
  name,
  state,
  country: 'Germany',
  weight,
  office: range(office, 0, 999),
  mobile: range('+4917139200', 0, 99),
});

export const cities: readonly City[] = [
  australian('Sydney', 'New South Wales', 2, 9),
  australian('Melbourne', 'Victoria', 3, 8),
  australian('Brisbane', 'Queensland', 7, 5),
  australian('Perth', 'Western Australia', 8, 4),
  australian('Adelaide', 'South Australia', 8, 3),
  australian('Hobart', 'Tasmania', 3, 1),
  australian('Canberra', 'Australian Capital Territory', 2, 1),
  australian('Darwin', 'Northern Territory', 8, 1),
  american('New York', 'New York', 212, 6),
  american('Boston', 'Massachusetts', 617, 3),
  american('Chicago', 'Illinois', 312, 4),
  american('Austin', 'Texas', 512, 3),
  american('Denver', 'Colorado', 303, 3),
  american('Phoenix', 'Arizona', 602, 2),
  american('Seattle', 'Washington', 206, 3),
  american('San Francisco', 'California', 415, 4),
  american('Los Angeles', 'California', 213, 4),
  american('Miami', 'Florida', 305, 2),
  canadian('Toronto', 'Ontario', 416, 3),
  canadian('Vancouver', 'British Columbia', 604, 2),
  british('London', 'England', '+442079460', 8),
  british('Manchester', 'England', '+441614960', 3),
  british('Leeds', 'England', '+441134960', 2),
  british('Edinburgh', 'Scotland', '+441314960', 2),
  british('Cardiff', 'Wales', '+442920180', 1),
  newZealand('Auckland', 'Auckland', 9, 4),
  newZealand('Wellington', 'Wellington', 4, 2),
  newZealand('Christchurch', 'Canterbury', 3, 2),
  german('Berlin', 'Berlin', '+493023125', 3),
  german('Hamburg', 'Hamburg', '+494066969', 2),
  german('Munich', 'Bavaria', '+498999998', 2),
  german('Cologne', 'North Rhine-Westphalia', '+492214710', 2),
];
