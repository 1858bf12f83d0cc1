-- How long an attempt to send may take, and the mark before its first byte.

ALTER TABLE "touch"
  ADD COLUMN "lease_until" TIMESTAMPTZ(3),
  ADD COLUMN "handed_over_at" TIMESTAMPTZ(3),
  ADD COLUMN "answered_at" TIMESTAMPTZ(3),
  ADD COLUMN "refusals" INTEGER NOT NULL DEFAULT 0;
-- What was claimed a moment ago may be at its provider: it counts for the distance to the next touch.
UPDATE "touch" SET "handed_over_at" = "claimed_at", "lease_until" = "claimed_at" + interval '1 minute'
WHERE "status" IN ('sending', 'sent', 'uncertain') AND "claimed_at" > now() - interval '1 hour';
UPDATE "touch" SET "handed_over_at" = "claimed_at", "lease_until" = "claimed_at" WHERE "status" = 'sending' AND "lease_until" IS NULL;
ALTER TABLE "touch" ADD CONSTRAINT "touch_hand_over" CHECK (
  ("handed_over_at" IS NULL OR "claimed_at" IS NOT NULL) AND ("answered_at" IS NULL OR "handed_over_at" IS NOT NULL));
ALTER TABLE "touch" ADD CONSTRAINT "touch_refusals" CHECK ("refusals" >= 0);
