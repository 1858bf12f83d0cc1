-- Custom campaigns (MIG): where they come from, what was finished before they came, and who has moved to the default sequence.

ALTER TABLE "campaign" ADD COLUMN "external_id" TEXT, ADD COLUMN "summary" JSONB;
CREATE UNIQUE INDEX "campaign_client_id_external_id_key" ON "campaign"("client_id", "external_id");
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_external_id" CHECK (external_id <> '');

ALTER TABLE "enrollment" ADD COLUMN "from_step" INTEGER NOT NULL DEFAULT 1, ADD COLUMN "moved_at" TIMESTAMPTZ(3);
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_from_step" CHECK (from_step > 0);

CREATE TABLE "finished_step" (
    "enrollment_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "step" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "done_at" TIMESTAMPTZ(3) NOT NULL,
    "done_on" DATE NOT NULL,

    CONSTRAINT "finished_step_pkey" PRIMARY KEY ("enrollment_id", "step")
);
ALTER TABLE "finished_step" ADD CONSTRAINT "finished_step_enrollment_id_client_id_fkey" FOREIGN KEY ("enrollment_id", "client_id") REFERENCES "enrollment"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "finished_step" ADD CONSTRAINT "finished_step_words" CHECK (step > 0 AND channel ~ '^[a-z]+$');

-- MIG-1: a campaign that exists and whose steps are not those of the generated sequence keeps its own.
UPDATE "campaign" c SET "uses_default_sequence" = false
WHERE EXISTS (
  SELECT 1 FROM "campaign_step" s WHERE s.campaign_id = c.id AND NOT EXISTS (
    SELECT 1 FROM (VALUES (1, 0, 'email', 'intro'), (2, 3, 'voice', 'connect'), (3, 5, 'linkedin', 'connect'),
      (4, 8, 'email', 'value-add'), (5, 12, 'sms', 'final nudge')) AS d(step, day, channel, purpose)
    WHERE d.step = s.step AND d.day = s.day AND d.purpose = s.purpose
      AND (d.channel = s.channel OR (s.channel = 'email' AND s.replaces = d.channel))));
