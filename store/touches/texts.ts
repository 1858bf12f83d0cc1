import { storedForm, type Channel, type TouchForm } from '../../domain/channels';
import type { Because } from '../../domain/facts';
import { json, type Sql } from '../sql';

export interface StoredText {
  content: unknown;
  promptVersion: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
}

/** The touch that a text belongs to. */
export interface TextOwner {
  touchId: string;
  clientId: string;
  enrollmentId: string;
  /** Was it written for the sequence that its lead has moved to (MIG-2)? */
  moved: boolean;
  step: number;
  channel: Channel;
  /** What the text was written for. */
  form: TouchForm;
}

/**
 * Stores a text once, with its line in the timeline; when one is there already, that one stays (TEXT-4). One that was
 * written for a step of the sequence that its lead has left meanwhile is thrown away (MIG-2). So is one
 * whose touch has become of another form.
 */
export async function storeText(
  sql: Sql,
  owner: TextOwner,
  { text, because }: { text: StoredText; because: Because },
  now: Date,
): Promise<void> {
  await sql`
    WITH written_for AS (
      SELECT 1 FROM enrollment
      WHERE id = ${owner.enrollmentId}::uuid AND (moved_at IS NOT NULL) = ${owner.moved} FOR NO KEY UPDATE
    ), meant AS (
      SELECT t.id FROM touch t CROSS JOIN written_for
      WHERE t.id = ${owner.touchId}::uuid AND t.form IS NOT DISTINCT FROM ${storedForm(owner.channel, owner.form)}::text
      FOR SHARE OF t
    ), stored AS (
      INSERT INTO touch_text (touch_id, client_id, content, prompt_version, model, input_tokens, output_tokens,
        cost_micro_usd, created_at)
      SELECT id, ${owner.clientId}::uuid, ${json(text.content)}::jsonb, ${text.promptVersion}::text, ${text.model}::text,
        ${text.inputTokens}::int, ${text.outputTokens}::int, ${text.costMicroUsd}::int, ${now}::timestamptz FROM meant
      ON CONFLICT DO NOTHING RETURNING touch_id
    )
    INSERT INTO timeline_entry (client_id, enrollment_id, touch_id, step, at, what, reason, rule, numbers)
    SELECT ${owner.clientId}::uuid, ${owner.enrollmentId}::uuid, touch_id, ${owner.step}::int, ${now}::timestamptz,
      'written', ${because.reason}::text, ${because.rule}::text, ${json(because.numbers)}::jsonb
    FROM stored`;
}

/** TEXT-2: a plan that ended without a text; its booking is given back by the caller. */
export async function countTextFailure(sql: Sql, touchId: string): Promise<void> {
  await sql`UPDATE touch SET text_failures = text_failures + 1 WHERE id = ${touchId}::uuid`;
}
