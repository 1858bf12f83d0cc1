import { looksAutomatic } from '../../../providers/reading/automatic-reply';
import { automatic, human } from '../../corpus/absences';

describe('an automatic reply by its words (SEQ-3)', () => {
  it.each(automatic)('a machine: %s / %s', (subject, content) => {
    expect(looksAutomatic(subject, content)).toBe(true);
  });

  it.each(human)('a person: %s / %s', (subject, content) => {
    expect(looksAutomatic(subject, content)).toBe(false);
  });
});
