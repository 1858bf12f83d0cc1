import { refusalOf } from '../../../providers/reading/refusal';
import { refusals } from '../../corpus/refusals';

describe('why a mail was not taken (SEQ-4)', () => {
  it.each(refusals)('%s %s: %s', (code, text, expected) => {
    expect(refusalOf(code, text)).toBe(expected);
  });
});
