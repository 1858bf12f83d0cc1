/** PostgreSQL tells the row that it refused as an error's detail, which no log may hold (TRUTH-6). */
export function withoutRows(error: unknown): Record<string, unknown> {
  const { stack, code, constraint } = error as { stack?: string; code?: string; constraint?: string };
  return { stack, code, constraint };
}
