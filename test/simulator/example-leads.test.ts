import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import parsePhoneNumber from 'libphonenumber-js/max';

type Lead = Record<string, string>;
const leads: Lead[] = parse(readFileSync(join(__dirname, '../../examples/leads.csv')), { bom: true, columns: true });
const filled = (column: string): string[] => leads.map((lead) => lead[column] ?? '').filter(Boolean);

test('about 120 people of four countries, each with an address of their own', () => {
  expect(leads).toHaveLength(120);
  expect(new Set(filled('email')).size).toBe(120);
  expect(filled('email').every((email) => email.endsWith('.example'))).toBe(true);
  expect([...new Set(filled('country'))].sort()).toEqual([
    'Australia',
    'New Zealand',
    'United Kingdom',
    'United States',
  ]);
  for (const state of ['WA', 'QLD', 'SA', 'NY', 'CA', 'IL', 'CO']) expect(filled('state')).toContain(state);
});

test("every number is from a fictional range, valid, and one person's", () => {
  const numbers = [...filled('phone'), ...filled('mobile')];
  const fictional =
    /^(\+61 2 5550 \d{4}|\+61 491 570 \d{3}|\+1 \d{3} 555 01\d\d|\+44 20 7946 0\d{3}|\+64 4 555 \d{4})$/;
  for (const number of numbers) {
    expect(number).toMatch(fictional);
    expect(parsePhoneNumber(number)?.isValid()).toBe(true);
  }
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('much is missing somewhere, and every tier of the score is there', () => {
  for (const column of ['phone', 'mobile', 'linkedin_url', 'als_score', 'city', 'state', 'title', 'company_domain']) {
    expect(filled(column).length).toBeLessThan(120);
    expect(filled(column).length).toBeGreaterThan(40);
  }
  expect(filled('timezone').length).toBeGreaterThan(3);
  const scores = filled('als_score').map(Number);
  const within = (from: number, to: number): number => scores.filter((score) => score >= from && score <= to).length;
  expect(within(0, 19)).toBe(2);
  expect(Math.min(within(20, 34), within(35, 59), within(60, 84), within(85, 100))).toBeGreaterThan(5);
});
