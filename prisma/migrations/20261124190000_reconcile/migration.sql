-- Uncertain touches that are looked up at their provider (TRUTH-1), and providers that do not answer a sender.

CREATE TABLE "reconciliation" (
    "touch_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "looks" INTEGER NOT NULL DEFAULT 0,
    "last_look_at" TIMESTAMPTZ(3),
    "last_answer" TEXT,
    "next_look_at" TIMESTAMPTZ(3),

    CONSTRAINT "reconciliation_pkey" PRIMARY KEY ("touch_id")
);
CREATE UNIQUE INDEX "reconciliation_touch_id_client_id_key" ON "reconciliation"("touch_id", "client_id");
ALTER TABLE "reconciliation" ADD CONSTRAINT "reconciliation_touch_id_client_id_fkey" FOREIGN KEY ("touch_id", "client_id") REFERENCES "touch"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "reconciliation" ADD CONSTRAINT "reconciliation_columns" CHECK (
  looks >= 0 AND last_answer <> '' AND (looks = 0) = (last_look_at IS NULL) AND (looks = 0) = (last_answer IS NULL));

-- What is uncertain is little, and is asked for by client and by all.
CREATE INDEX "touch_uncertain" ON "touch" ("client_id", "id") WHERE "status" = 'uncertain';

ALTER TABLE "sender_channel" ADD COLUMN "failures" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "failure" TEXT,
  ADD COLUMN "down_since" TIMESTAMPTZ(3), ADD COLUMN "retry_at" TIMESTAMPTZ(3);
ALTER TABLE "sender_channel" ADD CONSTRAINT "sender_channel_outage" CHECK (
  failures >= 0 AND failure <> '' AND (failures = 0) = (failure IS NULL)
  AND (down_since IS NULL) = (retry_at IS NULL) AND (down_since IS NULL OR (failures > 0 AND retry_at > down_since)));
