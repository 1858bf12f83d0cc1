/**
 * Remembers what a pure function answered, by a key made of its arguments: zone rules and holidays are asked for the same
 * dates thousands of times. Forgets everything when it has grown to `atMost` answers, so that it stays small.
 */
export function remember<Args extends readonly unknown[], Answer>(
  answer: (...args: Args) => Answer,
  keyOf: (...args: Args) => string,
  atMost = 20_000,
): (...args: Args) => Answer {
  const known = new Map<string, Answer>();
  return (...args) => {
    const key = keyOf(...args);
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= atMost) known.clear();
    const found = answer(...args);
    known.set(key, found);
    return found;
  };
}
