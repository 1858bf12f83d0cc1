import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { parse as parseStream } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { Problem } from '../problem';
import type { RawRow, Rejection } from '../../store/leads/lead-fields';
import { mapColumns, type ColumnMap } from './columns';

/**
 * Reads a Leads CSV, row by row: header row, UTF-8 with or without BOM, comma or semicolon, quoted fields with line
 * breaks. Memory does not grow with the file.
 * @throws Problem 400, before the first row, when the file as a whole makes no sense
 */
export async function* readCsv(bytes: Buffer): AsyncGenerator<RawRow | Rejection> {
  if (!isUtf8(bytes)) throw refuseFile('(file)', 'is not UTF-8; save it as "CSV UTF-8"');
  let columns: ColumnMap | null = null;
  let width = 0;
  let row = 0;
  for await (const cells of recordsOf(bytes)) {
    row += 1;
    if (cells === 'unclosed') yield { row, field: '(row)', reason: unclosedReason };
    else if (columns === null) [columns, width] = [headerOf(cells), cells.length];
    else yield* readRow(cells, row, width, columns);
  }
  if (columns === null) headerOf([]);
}

/** @throws Problem 400 when there is no column for e-mail addresses */
function headerOf(cells: readonly string[]): ColumnMap {
  const columns = mapColumns(cells);
  if (columns.known.has('email')) return columns;
  throw refuseFile('email', 'the header row has no column "email"; name the columns in the first row');
}

const unclosedReason = 'a quoted field begins here and never ends; nothing from this row on was read: close the quote';

function* readRow(cells: string[], row: number, width: number, columns: ColumnMap): Generator<RawRow | Rejection> {
  if (cells.every((cell) => cell.trim() === '')) return;
  if (cells.slice(width).some((cell) => cell.trim() !== '')) {
    const reason = `has ${cells.length} fields and the header ${width}; put fields that hold the separator in quotes`;
    yield { row, field: '(row)', reason };
  } else {
    yield { row, values: columns.read(cells) };
  }
}

/** The separator under which the header names more of our columns. */
function delimiterOf(bytes: Buffer): ',' | ';' {
  const columnsFound = (delimiter: string): number => {
    const [header] = parse(bytes, { ...leniently, delimiter, to: 1, skipRecordsWithError: true });
    return header === undefined ? 0 : mapColumns(header).known.size;
  };
  return columnsFound(';') > columnsFound(',') ? ';' : ',';
}

/** Stray quotes stay in their field, where its own check finds them; rows may be short. */
const leniently = { relaxColumnCount: true, relaxQuotes: true, bom: true } as const;

/** The file's records in order, the header first; 'unclosed' where a quoted field never ends. */
async function* recordsOf(bytes: Buffer): AsyncGenerator<string[] | 'unclosed'> {
  let unclosed = false;
  const onSkip = (): undefined => {
    unclosed = true;
  };
  const parser = parseStream({ ...leniently, delimiter: delimiterOf(bytes), skipRecordsWithError: true, onSkip });
  // Piece by piece: given whole, the file would be parsed whole, and all its records be kept at a time.
  Readable.from(piecesOf(bytes)).pipe(parser);
  for await (const record of parser) yield record as string[];
  if (unclosed) yield 'unclosed';
}

/** Bytes that are parsed at a time. */
const pieceSize = 64 * 1024;

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += pieceSize) yield bytes.subarray(from, from + pieceSize);
}

const refuseFile = (field: string, message: string): Problem =>
  new Problem('invalid-request', `The file cannot be imported: ${field} ${message}.`, [{ field, message }]);
