import { pick } from '../chance';

/** Chooses among ways of saying something. */
export interface Voice {
  /** One of the sentences, by chance, but none that was said before as long as another is left. */
  say(what: string, sentences: readonly string[]): string;
}

export function createVoice(luck: (what: string) => number, alreadySaid: readonly string[]): Voice {
  const said = alreadySaid.map(comparable);
  return {
    say(what, sentences) {
      const fresh = sentences.filter((sentence) => !said.some((text) => text.includes(comparable(sentence))));
      return pick(fresh.length > 0 ? fresh : sentences, luck(what));
    },
  };
}

function comparable(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
