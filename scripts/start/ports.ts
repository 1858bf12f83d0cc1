import { assertFree, freePort, PortTaken } from '../../embedded/free-port';

/**
 * The wanted port, or a free one when it is taken, which is said.
 * @param wanted 0: any free port
 */
export async function portFor(what: string, wanted: number, say: (line: string) => void): Promise<number> {
  if (wanted === 0) return freePort();
  try {
    await assertFree(wanted);
    return wanted;
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error;
    const other = await freePort();
    say(`Port ${wanted} is taken; ${what} is on ${other} this time.`);
    return other;
  }
}
