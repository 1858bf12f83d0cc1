-- Salesforge as a sender of e-mail: the sequences that carry mails, what was handed over and has not left yet, and how far
-- each mailbox's threads were read.

CREATE TABLE "carrier_sequence" (
    "sender_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "step" INTEGER NOT NULL,
    "timezone" TEXT NOT NULL,
    "sequence_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "carrier_sequence_pkey" PRIMARY KEY ("sender_id", "step", "timezone")
);
CREATE INDEX "carrier_sequence_sequence_id_idx" ON "carrier_sequence"("sequence_id");
ALTER TABLE "carrier_sequence" ADD CONSTRAINT "carrier_sequence_sender_id_client_id_fkey" FOREIGN KEY ("sender_id", "client_id") REFERENCES "sender"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "carrier_sequence" ADD CONSTRAINT "carrier_sequence_words" CHECK (step > 0 AND timezone <> '' AND sequence_id <> '');

CREATE TABLE "handover" (
    "touch_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "handed_at" TIMESTAMPTZ(3) NOT NULL,
    "look_at" TIMESTAMPTZ(3) NOT NULL,
    "looks" INTEGER NOT NULL DEFAULT 0,
    "leased_until" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "handover_pkey" PRIMARY KEY ("touch_id")
);
CREATE UNIQUE INDEX "handover_touch_id_client_id_key" ON "handover"("touch_id", "client_id");
CREATE INDEX "handover_due" ON "handover"("look_at") WHERE settled_at IS NULL;
ALTER TABLE "handover" ADD CONSTRAINT "handover_touch_id_client_id_fkey" FOREIGN KEY ("touch_id", "client_id") REFERENCES "touch"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "handover" ADD CONSTRAINT "handover_times" CHECK (looks >= 0 AND look_at >= handed_at
  AND (withdrawn_at IS NULL OR withdrawn_at >= handed_at) AND (settled_at IS NULL OR settled_at >= handed_at));

CREATE TABLE "mailbox_watch" (
    "sender_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "cursor" TEXT,
    "next_look_at" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "leased_until" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "mailbox_watch_pkey" PRIMARY KEY ("sender_id")
);
CREATE UNIQUE INDEX "mailbox_watch_sender_id_client_id_key" ON "mailbox_watch"("sender_id", "client_id");
CREATE INDEX "mailbox_watch_next_look_at_idx" ON "mailbox_watch"("next_look_at");
ALTER TABLE "mailbox_watch" ADD CONSTRAINT "mailbox_watch_sender_id_client_id_fkey" FOREIGN KEY ("sender_id", "client_id") REFERENCES "sender"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "mailbox_watch" ADD CONSTRAINT "mailbox_watch_words" CHECK (provider <> '' AND failures >= 0 AND (failures > 0) = (last_error IS NOT NULL));
