import { asRecord, textField } from '../http-exchange';

/** Pages of a list that are read before giving up, 100 each. */
const pagesRead = 30;

/** Reads one page. */
export type ReadPage = (query: URLSearchParams) => Promise<{ status: number; body: unknown } | null>;

/**
 * Reads a list page by page until an item fits.
 * @returns the item; 'absent' when the whole list was read; 'unknown' when it was not
 */
export async function findInList(
  read: ReadPage,
  accountId: string,
  fits: (item: Record<string, unknown>) => boolean,
): Promise<Record<string, unknown> | 'absent' | 'unknown'> {
  let cursor: string | null = '';
  for (let page = 0; page < pagesRead && cursor !== null; page += 1) {
    const query = new URLSearchParams({ account_id: accountId, limit: '100', ...(cursor ? { cursor } : {}) });
    const answer = await read(query);
    const list = asRecord(answer?.body);
    if (answer?.status !== 200 || !Array.isArray(list['items'])) return 'unknown';
    const found = list['items'].map(asRecord).find(fits);
    if (found !== undefined) return found;
    cursor = textField(list, 'cursor');
  }
  return cursor === null ? 'absent' : 'unknown';
}
