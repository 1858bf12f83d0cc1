-- Forms of touches, what a seat is to a lead, and seats that rest.

CREATE TYPE "SeatRelationState" AS ENUM ('invited', 'connected');

ALTER TABLE "sender" ADD COLUMN "rested_until" TIMESTAMPTZ(3);

ALTER TABLE "pause" ADD COLUMN "until" TIMESTAMPTZ(3), ADD COLUMN "is_rest" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "pause" ADD CONSTRAINT "pause_rest" CHECK (
  (NOT "is_rest" OR ("sender_id" IS NOT NULL AND "reason" = 'provider')) AND ("until" IS NULL OR ("is_rest" AND "until" > "since")));
-- A seat that was restricted comes back as one that rested.
UPDATE "pause" SET "is_rest" = true WHERE "reason" = 'provider' AND "detail" = 'account_restricted' AND "sender_id" IS NOT NULL;

ALTER TABLE "touch" ADD COLUMN "form" TEXT, ADD COLUMN "looked_at" TIMESTAMPTZ(3);
ALTER TABLE "touch" ADD CONSTRAINT "touch_form" CHECK ("form" ~ '^[a-zA-Z]+$');
-- Until now every touch by LinkedIn was an invitation.
UPDATE "touch" SET "form" = 'invitation' WHERE "channel" = 'linkedin';

ALTER TABLE "capacity_hold" ADD COLUMN "is_spent" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "capacity_hold" ADD CONSTRAINT "capacity_hold_spent" CHECK (NOT "is_spent" OR "state" = 'consumed');

CREATE TABLE "seat_relation" (
    "sender_id" UUID NOT NULL,
    "lead_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "state" "SeatRelationState" NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "seat_relation_pkey" PRIMARY KEY ("sender_id","lead_id")
);
CREATE INDEX "seat_relation_lead_id_idx" ON "seat_relation"("lead_id");
ALTER TABLE "seat_relation" ADD CONSTRAINT "seat_relation_sender_id_client_id_fkey" FOREIGN KEY ("sender_id", "client_id") REFERENCES "sender"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "seat_relation" ADD CONSTRAINT "seat_relation_lead_id_client_id_fkey" FOREIGN KEY ("lead_id", "client_id") REFERENCES "lead"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What has been sent and accepted so far: a touch that may have left has invited.
INSERT INTO "seat_relation" ("sender_id", "lead_id", "client_id", "state", "since")
SELECT t."sender_id", e."lead_id", t."client_id", 'invited', min(t."sent_at")
FROM "touch" t JOIN "enrollment" e ON e."id" = t."enrollment_id" JOIN "lead" l ON l."id" = e."lead_id"
WHERE t."channel" = 'linkedin' AND t."status" IN ('sent', 'uncertain') AND l."linkedin_profile" IS NOT NULL
GROUP BY 1, 2, 3;
-- An acceptance names the touch that it accepts.
UPDATE "seat_relation" r SET "state" = 'connected', "since" = a."at"
FROM (
  SELECT t."sender_id", s."lead_id", min(v."occurred_at") AS "at"
  FROM "inbound_event" v JOIN "event_subject" s ON s."event_id" = v."id" JOIN "touch" t ON t."id" = s."touch_id"
  WHERE v."kind" = 'inviteAccepted' GROUP BY 1, 2
) AS a
WHERE r."sender_id" = a."sender_id" AND r."lead_id" = a."lead_id";
