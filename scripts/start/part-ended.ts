/** A part of the stack ended although nobody asked it to. The message says which, and is printed without a stack. */
export class PartEnded extends Error {
  override readonly name = 'PartEnded';
}

/**
 * A part that ends without an error has ended all the same. While the rest is still starting nobody may be listening
 * yet: then that is no crash of its own.
 * @throws PartEnded once it has
 */
export function whenEnded(what: string, part: Promise<void>): Promise<never> {
  const ended = itsEnd(what, part);
  ended.catch(() => undefined);
  return ended;
}

async function itsEnd(what: string, part: Promise<void>): Promise<never> {
  try {
    await part;
  } catch (error) {
    throw new PartEnded(error instanceof Error ? `${what} failed: ${error.message}` : `${what} failed`, {
      cause: error,
    });
  }
  throw new PartEnded(`${what} ended by itself`);
}
