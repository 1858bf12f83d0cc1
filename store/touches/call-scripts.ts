import type { Database } from '../database';

/**
 * The words of a call, for the first CallSid that asks for them: a second call for the same touch gets none (TRUTH-1),
 * and nobody is spoken to whose sequence was stopped while the phone rang (SEQ-3, SEQ-5).
 * @returns null when the call must hang up
 */
export async function takeCallScript(database: Database, touchId: string, callSid: string): Promise<string | null> {
  const [row] = await database.sql<{ content: { script?: unknown } | null }>`
    UPDATE touch t SET reference = ${callSid}
    FROM touch_text x, enrollment e
    WHERE t.id = ${touchId}::uuid AND x.touch_id = t.id AND e.id = t.enrollment_id
      AND t.channel = 'voice' AND t.status IN ('sending', 'sent', 'uncertain') AND e.status <> 'stopped'
      AND (t.reference IS NULL OR t.reference = ${callSid})
    RETURNING x.content`;
  const script = row?.content?.script;
  return typeof script === 'string' ? script : null;
}
