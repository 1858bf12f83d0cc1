import countries from 'i18n-iso-countries';
import { resolveCountry } from '../../domain/calendar/country';

describe('a country as people write it (TIME-2, TIME-3)', () => {
  test.each([
    ['GB', 'U.K.', 'uk', 'UK', 'England', 'Scotland', 'Great-Britain', 'United Kingdom', 'GBR'],
    [
      'US',
      'USA',
      'USA ',
      'U.S.',
      'u.s.a.',
      'The United States',
      'the united states of america',
      'Estados Unidos',
      'États-Unis',
    ],
    ['DE', 'Germany', 'Deutschland', 'Allemagne', 'Alemania', 'Federal Republic of Germany', 'Duitsland'],
    ['IE', 'Ireland', 'Republic of Ireland', 'Rep. of Ireland', 'Éire'],
    ['NL', 'Holland', 'The Netherlands', 'Nederland', 'Kingdom of the Netherlands'],
    ['AT', 'Österreich', 'Austria', 'Autriche'],
    ['CH', 'Schweiz', 'Suisse', 'Svizzera'],
    ['ES', 'España', 'Kingdom of Spain', 'Spanje'],
    ['VN', 'Viet Nam', 'Vietnam', 'Việt Nam'],
    ['MO', 'Macau', 'Macao SAR'],
    ['HK', 'Hong Kong', 'Hong Kong SAR', 'HongKong'],
    ['KR', 'South Korea', 'Korea, Republic of', 'Republic of Korea', 'Korea (South)', '대한민국'],
    ['KP', 'North Korea', 'DPRK'],
    ['IR', 'Iran', 'Iran, Islamic Republic of'],
    ['TZ', 'Tanzania', 'Tanzania, United Republic of'],
    ['BO', 'Bolivia', 'Bolivia, Plurinational State of', 'Bolivia (Plurinational State of)'],
    ['CI', 'Ivory Coast', "Côte d'Ivoire", 'Côte d’Ivoire'],
    ['TR', 'Türkiye', 'Turkey', 'Turkiye'],
    ['CZ', 'Czechia', 'Czech Republic', 'Česko'],
    ['CD', 'DRC', 'Democratic Republic of the Congo', 'Congo, Democratic Republic of the'],
    ['CG', 'Congo', 'Republic of the Congo'],
    ['KN', 'St Kitts & Nevis', 'Saint Kitts and Nevis', 'St. Kitts and Nevis'],
    ['AE', 'UAE', 'United Arab Emirates', 'U.A.E.'],
    ['AU', 'Australia', 'Commonwealth of Australia', 'AUS', 'au'],
    ['NZ', 'New Zealand', 'NZ', 'Neuseeland', 'Aotearoa'],
    ['JP', '日本', 'Japan'],
    ['RU', 'Россия', 'Russian Federation'],
  ])('%s: %s', (code, ...names) => {
    expect(names.map((name) => [name, resolveCountry(name)])).toEqual(names.map((name) => [name, code]));
  });

  test('every official and common English name, and every code', () => {
    const wrong = Object.entries(countries.getNames('en', { select: 'all' })).flatMap(([code, names]) =>
      [names, code, countries.alpha2ToAlpha3(code) ?? code]
        .flat()
        // Two countries are called so; the smaller name is the smaller country's.
        .filter((name) => name !== 'Congo' && resolveCountry(name) !== code),
    );
    expect(wrong).toEqual([]);
  });

  test.each(['Atlantis', '', ' ', 'WA', 'NSW', 'New South Wales', 'Europe', '12', 'constructor', '__proto__'])(
    '%j is none',
    (name) => {
      expect(resolveCountry(name)).toBeNull();
    },
  );
});
