import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../simulator/config';
import { jane, settings } from './support/settings';

function read(change: object): ReturnType<typeof readConfig> {
  const input = { ...settings(), ...change };
  const file = join(input.leadsFile ?? '', '..', 'config.json');
  writeFileSync(file, JSON.stringify(input));
  return readConfig(file);
}

test('what is left out has the defaults of the contract', () => {
  const { prospects, clock, engineBaseUrl } = read({});
  expect(prospects).toEqual({
    replyRate: 0.05,
    oooRate: 0.03,
    hardBounceRate: 0.02,
    unsubscribeRate: 0.01,
    complaintRate: 0,
    byEmail: {},
  });
  expect(clock).toEqual({ kind: 'system' });
  expect(engineBaseUrl).toBeNull();
});

test('addresses are compared without case', () => {
  const { prospects } = read({ prospects: { byEmail: { 'Jane@ACME.example': { does: 'reply' } } } });
  expect(prospects.byEmail).toEqual({ [jane.email]: { onTouch: 1, does: 'reply' } });
});

test('every wrong field is named at once', () => {
  const wrong = { colour: 'red', prospects: { replyRat: 1, byEmail: { x: { does: 'dance' } } }, seed: 'one' };
  for (const word of ['colour', 'replyRat', 'prospects.byEmail.x.does', 'seed'])
    expect(() => read(wrong)).toThrow(word);
});

test('rates that exceed the whole are refused', () => {
  expect(() => read({ prospects: { replyRate: 0.7, oooRate: 0.5 } })).toThrow('the rates together exceed 1');
});
