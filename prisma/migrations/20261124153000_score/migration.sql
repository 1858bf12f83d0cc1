-- ACC-3: what the score is computed from, and the score with its parts. A score that stands already is an import's.
ALTER TABLE "lead"
  ADD COLUMN "email_verified" BOOLEAN,
  ADD COLUMN "has_personal_email" BOOLEAN,
  ADD COLUMN "role_started_on" DATE,
  ADD COLUMN "is_hiring" BOOLEAN,
  ADD COLUMN "funded_on" DATE,
  ADD COLUMN "score_source" TEXT NOT NULL DEFAULT 'import',
  ADD COLUMN "score_parts" JSONB,
  ADD COLUMN "email_status" TEXT NOT NULL DEFAULT 'unchecked',
  ADD COLUMN "email_checked_at" TIMESTAMPTZ(3);
ALTER TABLE "client" ADD COLUMN "competitors" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- Who was blocked before, by what is known of a lead.
CREATE INDEX "suppression_client_id_value_idx" ON "suppression"("client_id", "value");

-- A computed score has its parts; an import's, or none at all, has none.
ALTER TABLE "lead" ADD CONSTRAINT "lead_score_source" CHECK (
  CASE score_source WHEN 'import' THEN score_parts IS NULL
    WHEN 'computed' THEN score IS NOT NULL AND score_parts IS NOT NULL AND jsonb_typeof(score_parts) = 'array'
    ELSE false END);
-- SEQ-7. One that nobody could tell anything of was asked about, and stays unchecked.
ALTER TABLE "lead" ADD CONSTRAINT "lead_email_status" CHECK (
  email_status IN ('unchecked', 'deliverable', 'no_mail_exchange', 'disposable', 'malformed')
  AND (email_status = 'unchecked' OR email_checked_at IS NOT NULL));
