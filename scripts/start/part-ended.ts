/** A part of the stack ended although nobody asked it to. The message says which, and is printed without a stack. */
export class PartEnded extends Error {
  override readonly name = 'PartEnded';
}

/** A part that ends without an error has ended all the same. @throws PartEnded once it has */
export async function whenEnded(what: string, part: Promise<void>): Promise<never> {
  try {
    await part;
  } catch (error) {
    throw new PartEnded(error instanceof Error ? `${what} failed: ${error.message}` : `${what} failed`, {
      cause: error,
    });
  }
  throw new PartEnded(`${what} ended by itself`);
}
