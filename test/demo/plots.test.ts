import { stripVTControlCharacters } from 'node:util';
import { metricsOf } from '../../domain/metrics/metrics';
import type { CountRow } from '../../domain/metrics/tables';
import { metricsText } from '../../scripts/demo/plots';

const nothing = { sent: 0, bounced: 0, opensMeasured: 0, opened: 0, openedAutomatically: 0, replied: 0, stopped: 0 };
const row = (breakdown: CountRow['breakdown'], key: string, counts: Partial<CountRow>): CountRow =>
  Object.assign({}, nothing, { breakdown, key }, counts);
const linesOf = (rows: CountRow[]): string[] =>
  stripVTControlCharacters(metricsText(metricsOf(rows)))
    .split('\n')
    .filter((line) => line !== '');

describe('the plots at the end of a demo', () => {
  test('a bar for each row, as long as its rate, with the interval, the counts and the verdict', () => {
    const lines = linesOf([
      row('sendTime', '09:00', { sent: 1000, opensMeasured: 1000, opened: 400, openedAutomatically: 3 }),
      row('sendTime', '10:30', { sent: 1000, opensMeasured: 1000, opened: 200 }),
      row('sendTime', '10:45', { sent: 5 }),
    ]);
    expect(lines.slice(0, 5)).toEqual([
      'Open rate by send time, recipient’s clock (MET-1)',
      `  09:00  ${'█'.repeat(28)}░░   40.0 %  400/1000  37.0–43.1  + 3 opened by machines`,
      `  10:30  ${'█'.repeat(14)}░░${' '.repeat(14)}   20.0 %  200/1000  17.6–22.6`,
      `  10:45  ·${' '.repeat(29)}  not measured  5 delivered, opens not measured`,
      '  → 9:00–9:30 opens better than 10:30–11:00: 40 % against 20 %, 95 % sure',
    ]);
  });

  test('nothing counted: four titles, four verdicts, no bar and no NaN', () => {
    const lines = linesOf([]);
    expect(lines.filter((line) => line.includes('(MET-'))).toHaveLength(4);
    expect(lines.filter((line) => line.startsWith('  → not measured'))).toHaveLength(4);
    expect(lines.join('\n')).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(lines.slice(0, -1).join('\n')).not.toMatch(/[█░]/);
  });

  test('days of the warm-up stand in its stages', () => {
    const days = ['0', '3', '4', '300'].map((key) => row('warmUpDay', key, { sent: 10, bounced: 1 }));
    expect(
      linesOf(days)
        .filter((line) => line.startsWith('  days'))
        .map((line) => line.split('  ')[1]),
    ).toEqual(['days 0–3', 'days 4–7', 'days from 22 on']);
  });
});
