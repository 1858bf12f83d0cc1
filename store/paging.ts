/** Which part of a list is asked for. */
export interface PageRequest {
  /** Rows at most. */
  limit: number;
  /** The key of the last row of the previous page; null: from the start. */
  after: string | null;
}

export interface Page<Row> {
  rows: Row[];
  /** The key to go on after; null: that was all. */
  next: string | null;
}

/** Cuts a result that was read with one row more than asked for. */
export function nextPage<Row>(read: Row[], limit: number, keyOf: (row: Row) => string): Page<Row> {
  const rows = read.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: read.length > limit && last !== undefined ? keyOf(last) : null };
}
