import { pick } from '../../chance';

/** Chooses among ways of saying something. */
export interface Voice {
  /** One of the sentences, by chance, but none that was said before as long as another is left. */
  say(what: string, sentences: readonly string[]): string;
  /** The same, but nothing when everything was said before. */
  sayOnce(what: string, sentences: readonly string[]): string;
}

export function createVoice(luck: (what: string) => number, alreadySaid: readonly string[]): Voice {
  const said = alreadySaid.map(comparable);
  const fresh = (sentences: readonly string[]): string[] =>
    sentences.filter((sentence) => !said.some((text) => text.includes(comparable(sentence))));
  return {
    say: (what, sentences) => {
      const left = fresh(sentences);
      return pick(left.length > 0 ? left : sentences, luck(what));
    },
    sayOnce: (what, sentences) => {
      const left = fresh(sentences);
      return left.length > 0 ? pick(left, luck(what)) : '';
    },
  };
}

function comparable(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
