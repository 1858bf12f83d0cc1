import type { DatabaseError } from 'pg';

/** What the server says about a text, and where: `, line 3: syntax error at or near "TABEL" (42601)`. */
export function explain({ position, message, detail, hint, code, where }: DatabaseError, sql: string): string {
  const line = position === undefined ? '' : `, line ${sql.slice(0, Number(position)).split('\n').length}`;
  const known = (part: string | undefined) => part !== undefined;
  const origin = [code, where?.split('\n')[0]].filter(known).join('; ');
  return `${line}: ${[message, detail, hint].filter(known).join(' ')}${origin === '' ? '' : ` (${origin})`}`;
}
