import { CsvError, parse } from 'csv-parse/sync';
import { Problem } from '../problem';
import { mapColumns, type ColumnMap, type FieldValues } from './columns';

/** A row that is refused. The header of a CSV is row 1, so its first lead is row 2. */
export interface Rejection {
  row: number;
  field: string;
  reason: string;
}

export interface RawRow {
  row: number;
  values: FieldValues;
}

/**
 * Reads a Leads CSV: header row, UTF-8 with or without BOM, comma or semicolon, quoted fields with line breaks.
 * @throws Problem 400 when the file as a whole makes no sense
 */
export function readCsv(bytes: Buffer): { rows: RawRow[]; rejected: Rejection[] } {
  const content = decode(bytes);
  const delimiter = delimiterOf(content);
  const { records, unclosed } = parseRecords(content, delimiter);
  const [header, ...lines] = records;
  const columns = header === undefined ? null : mapColumns(header);
  if (header === undefined || columns === null || !columns.known.has('email')) {
    throw refuseFile('email', 'the header row has no column "email"; name the columns in the first row');
  }
  const read = lines.map((cells, index) => readRow(cells, index + 2, header.length, columns));
  const rejected = read.filter((row) => row !== null && 'reason' in row);
  if (unclosed) rejected.push({ row: records.length + 1, field: '(row)', reason: unclosedReason });
  return { rows: read.filter((row) => row !== null && 'values' in row), rejected };
}

const unclosedReason = 'a quoted field begins here and never ends; nothing from this row on was read: close the quote';

function readRow(cells: string[], row: number, width: number, columns: ColumnMap): RawRow | Rejection | null {
  if (cells.every((cell) => cell.trim() === '')) return null;
  if (cells.slice(width).some((cell) => cell.trim() !== '')) {
    const reason = `has ${cells.length} fields and the header ${width}; put fields that hold the separator in quotes`;
    return { row, field: '(row)', reason };
  }
  return { row, values: columns.read(cells) };
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuseFile('(file)', 'is not UTF-8; save it as "CSV UTF-8"');
  }
}

/** The separator under which the header names more of our columns. */
function delimiterOf(content: string): ',' | ';' {
  const columnsFound = (delimiter: string): number => {
    const [header] = parse(content, { ...leniently, delimiter, to: 1, skipRecordsWithError: true });
    return header === undefined ? 0 : mapColumns(header).known.size;
  };
  return columnsFound(';') > columnsFound(',') ? ';' : ',';
}

/** Stray quotes stay in their field, where its own check finds them; rows may be short. */
const leniently = { relaxColumnCount: true, relaxQuotes: true, bom: true } as const;

function parseRecords(content: string, delimiter: string): { records: string[][]; unclosed: boolean } {
  let unclosed = false;
  const onSkip = (): undefined => {
    unclosed = true;
  };
  try {
    const records = parse(content, { ...leniently, delimiter, skipRecordsWithError: true, onSkip });
    return { records, unclosed };
  } catch (error) {
    if (error instanceof CsvError) throw refuseFile('(file)', `is not a CSV: ${error.code}`);
    throw error;
  }
}

const refuseFile = (field: string, message: string): Problem =>
  new Problem('invalid-request', `The file cannot be imported: ${field} ${message}.`, [{ field, message }]);
