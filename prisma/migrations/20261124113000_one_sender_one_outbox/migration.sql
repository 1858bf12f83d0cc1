-- One sender with details, pauses with reasons, counters with periods, one outbox, events with all their subjects; and the
-- database defends itself: foreign keys with the client, CHECKs, indexes for every query on the hot path. Data are kept.

-- The functions live in prisma/functions/ from now on and are applied after the migrations.
DROP FUNCTION lock_sender(text);
DROP FUNCTION busiest_seven_days("CapacityKind", uuid, date);
DROP FUNCTION senders_with_room(jsonb, int, date);
DROP FUNCTION random_free_moment(uuid, timestamptz, timestamptz, interval);
DROP FUNCTION book_touch(jsonb);
DROP FUNCTION claim_touch(jsonb);
DROP FUNCTION release_touches(uuid[]);

CREATE TYPE "SenderKind" AS ENUM ('mailbox', 'phone_number', 'linkedin_seat');
CREATE TYPE "PauseReason" AS ENUM ('operator', 'provider', 'health', 'dns');
CREATE TYPE "CapacityPeriod" AS ENUM ('now', 'day', 'month');

ALTER TABLE "campaign_step" DROP CONSTRAINT "campaign_step_campaign_id_fkey";
ALTER TABLE "enrollment" DROP CONSTRAINT "enrollment_lead_id_fkey";
ALTER TABLE "mailbox" DROP CONSTRAINT "mailbox_domain_id_fkey";
ALTER TABLE "touch" DROP CONSTRAINT "touch_enrollment_id_fkey";
ALTER TABLE "touch_text" DROP CONSTRAINT "touch_text_touch_id_fkey";

-- Channels are a list of the code (domain/channels), not of the database.
ALTER TABLE "campaign_step" ALTER COLUMN "channel" TYPE TEXT USING "channel"::text,
  ALTER COLUMN "replaces" TYPE TEXT USING "replaces"::text;
ALTER TABLE "touch" ALTER COLUMN "channel" TYPE TEXT USING "channel"::text;

-- Senders

CREATE TABLE "sender" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "kind" "SenderKind" NOT NULL,
    "address" TEXT NOT NULL,
    "name" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sender_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "sender_channel" (
    "sender_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "provider" TEXT NOT NULL,

    CONSTRAINT "sender_channel_pkey" PRIMARY KEY ("sender_id","channel")
);
CREATE TABLE "pause" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "sender_id" UUID,
    "domain_id" UUID,
    "reason" "PauseReason" NOT NULL,
    "detail" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pause_pkey" PRIMARY KEY ("id")
);

INSERT INTO "sender" (id, client_id, kind, address, name, created_at)
SELECT id, client_id, 'mailbox'::"SenderKind", address, display_name, created_at FROM mailbox
UNION ALL SELECT id, client_id, 'phone_number', number, NULL, created_at FROM phone_number
UNION ALL SELECT id, client_id, 'linkedin_seat', account_id, name, created_at FROM linkedin_seat;

INSERT INTO "sender_channel" (sender_id, client_id, channel, provider)
SELECT id, client_id, 'email', 'smtp' FROM mailbox
UNION ALL SELECT n.id, n.client_id, c::text, CASE WHEN c = 'voice' THEN 'twilio' ELSE 'clicksend' END
  FROM phone_number n, unnest(n.channels) AS c
UNION ALL SELECT id, client_id, 'linkedin', 'unipile' FROM linkedin_seat;

-- Until now a pause had one reason in words: the user's, or what the provider said.
INSERT INTO "pause" (id, client_id, sender_id, domain_id, reason, detail, since)
SELECT gen_random_uuid(), p.client_id, p.sender_id, p.domain_id,
  (CASE WHEN p.pause_reason = 'paused by the user' THEN 'operator' ELSE 'provider' END)::"PauseReason",
  coalesce(p.pause_reason, 'paused by the user'), p.paused_at
FROM (
  SELECT client_id, id AS sender_id, NULL::uuid AS domain_id, pause_reason, paused_at FROM mailbox
  UNION ALL SELECT client_id, id, NULL, pause_reason, paused_at FROM phone_number
  UNION ALL SELECT client_id, id, NULL, pause_reason, paused_at FROM linkedin_seat
  UNION ALL SELECT client_id, NULL, id, pause_reason, paused_at FROM sending_domain
) AS p WHERE p.paused_at IS NOT NULL;

ALTER TABLE "mailbox" RENAME COLUMN "id" TO "sender_id";
DROP INDEX "mailbox_address_key";
DROP INDEX "mailbox_client_id_idx";
ALTER TABLE "mailbox" DROP COLUMN "address", DROP COLUMN "created_at", DROP COLUMN "display_name",
  DROP COLUMN "pause_reason", DROP COLUMN "paused_at";
ALTER TABLE "sending_domain" DROP COLUMN "pause_reason", DROP COLUMN "paused_at";
DROP TABLE "linkedin_seat";
DROP TABLE "phone_number";

-- Capacity

CREATE TABLE "capacity_counter" (
    "counter" TEXT NOT NULL,
    "resource_id" UUID NOT NULL,
    "period" "CapacityPeriod" NOT NULL,
    "starts_on" DATE NOT NULL,
    "client_id" UUID NOT NULL,
    "limit" INTEGER NOT NULL,
    "booked" INTEGER NOT NULL DEFAULT 0,
    "consumed" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "capacity_counter_pkey" PRIMARY KEY ("counter","resource_id","period","starts_on")
);
INSERT INTO "capacity_counter" (counter, resource_id, period, starts_on, client_id, "limit", booked, consumed)
SELECT kind::text, resource_id, 'day', day, client_id, "limit", booked, consumed FROM capacity_day;

DROP INDEX "capacity_hold_kind_resource_id_day_idx";
ALTER TABLE "capacity_hold" DROP CONSTRAINT "capacity_hold_pkey";
ALTER TABLE "capacity_hold" RENAME COLUMN "kind" TO "counter";
ALTER TABLE "capacity_hold" RENAME COLUMN "day" TO "starts_on";
ALTER TABLE "capacity_hold" ALTER COLUMN "counter" TYPE TEXT USING "counter"::text,
  ALTER COLUMN "starts_on" DROP NOT NULL,
  ADD COLUMN "client_id" UUID,
  ADD COLUMN "period" "CapacityPeriod" NOT NULL DEFAULT 'day',
  ADD COLUMN "ends_at" TIMESTAMPTZ(3);
UPDATE "capacity_hold" h SET client_id = t.client_id FROM touch t WHERE t.id = h.touch_id;
ALTER TABLE "capacity_hold" ALTER COLUMN "client_id" SET NOT NULL, ALTER COLUMN "period" DROP DEFAULT,
  ADD CONSTRAINT "capacity_hold_pkey" PRIMARY KEY ("touch_id", "counter", "period");
-- LIM: a call that is going on while this runs holds its line, as one that is claimed from now on does (domain/limits.ts).
INSERT INTO "capacity_hold" (touch_id, client_id, counter, resource_id, period, state, ends_at)
SELECT id, client_id, 'account_calls', substr(encode(sha256('account at twilio'), 'hex'), 1, 32)::uuid, 'now', 'consumed',
  claimed_at + interval '150 seconds'
FROM "touch"
WHERE channel = 'voice' AND status IN ('sending', 'sent', 'uncertain') AND claimed_at > now() - interval '150 seconds';
DROP TABLE "capacity_day";
DROP TYPE "CapacityKind";
DROP TYPE "Channel";

-- Leads: one spelling of a profile is compared, by equality (OWN-4).

ALTER TABLE "lead" ADD COLUMN "linkedin_profile" TEXT, ALTER COLUMN "call_timezone" DROP NOT NULL;
-- As domain/canonical.ts spells it: lower case, without %-escapes where they make sense.
CREATE FUNCTION pg_temp.profile_of(p_url text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_slug text := coalesce(substring(lower(btrim(p_url)) FROM '/in/([^/?#]+)'), lower(btrim(p_url)));
  v_bytes bytea := '';
  v_part text;
BEGIN
  IF v_slug ~ '%(?![0-9a-f]{2})' THEN RETURN 'linkedin.com/in/' || v_slug; END IF;
  FOR v_part IN SELECT m[1] FROM regexp_matches(v_slug, '(%[0-9a-f]{2}|.)', 'g') AS m LOOP
    v_bytes := v_bytes || CASE WHEN v_part LIKE '\%__' THEN decode(substr(v_part, 2), 'hex') ELSE convert_to(v_part, 'UTF8') END;
  END LOOP;
  RETURN 'linkedin.com/in/' || convert_from(v_bytes, 'UTF8');
EXCEPTION WHEN OTHERS THEN
  RETURN 'linkedin.com/in/' || v_slug;
END
$$;
UPDATE "lead" SET linkedin_profile = pg_temp.profile_of(linkedin_url) WHERE linkedin_url IS NOT NULL;
DROP FUNCTION pg_temp.profile_of(text);
-- TIME-3: nobody is called by the client's zone any more; an import that tells the lead's place sets it again.
UPDATE "lead" SET call_timezone = NULL WHERE timezone_source = 'client';

-- Events

CREATE TABLE "event_subject" (
    "event_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "lead_id" UUID NOT NULL,
    "touch_id" UUID,

    CONSTRAINT "event_subject_pkey" PRIMARY KEY ("event_id","lead_id")
);
INSERT INTO "event_subject" (event_id, client_id, lead_id, touch_id)
SELECT v.id, v.client_id, v.lead_id, v.touch_id FROM inbound_event v JOIN lead l ON l.id = v.lead_id AND l.client_id = v.client_id;
DROP INDEX "inbound_event_client_id_received_at_idx";
DROP INDEX "inbound_event_enrollment_id_idx";
DROP INDEX "inbound_event_touch_id_idx";
ALTER TABLE "inbound_event" ADD COLUMN "proves_sending" BOOLEAN NOT NULL DEFAULT false;
UPDATE "inbound_event" SET proves_sending = kind <> 'sendFailed' AND (kind <> 'unknown' OR provider = 'twilio');
ALTER TABLE "inbound_event" DROP COLUMN "client_id", DROP COLUMN "enrollment_id", DROP COLUMN "lead_id",
  DROP COLUMN "touch_id";

-- Outbox

CREATE TABLE "outbox" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "payload" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "leased_until" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "gave_up_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);
INSERT INTO "outbox" (id, client_id, kind, subject_id, payload, created_at, next_attempt_at)
SELECT p.id, e.client_id, 'leadSignal', e.id, jsonb_build_object('signal', p.signal), p.created_at, p.created_at
FROM pending_signal p JOIN enrollment e ON p.workflow_id = 'lead-' || e.id WHERE p.delivered_at IS NULL;
INSERT INTO "outbox" (id, client_id, kind, subject_id, payload, created_at, next_attempt_at)
SELECT gen_random_uuid(), client_id, 'startLead', id, jsonb_build_object('campaignId', campaign_id), coalesce(admitted_at, created_at), coalesce(admitted_at, created_at)
FROM enrollment WHERE status = 'active' AND workflow_started_at IS NULL;
DROP TABLE "pending_signal";

-- What earlier versions left undone. A completed campaign's waiting leads end with it (CTL-3), and its active ones hear of it.
WITH stopped AS (
  UPDATE "enrollment" e SET status = 'stopped', stop_reason = 'campaign completed', stop_rule = 'CTL-3', finished_at = now()
  FROM "campaign" k WHERE k.id = e.campaign_id AND k.status = 'completed' AND e.status = 'waiting'
  RETURNING e.id, e.client_id
)
INSERT INTO "timeline_entry" (client_id, enrollment_id, at, what, reason, rule)
SELECT client_id, id, now(), 'stopped', 'campaign completed', 'CTL-3' FROM stopped;
INSERT INTO "outbox" (id, client_id, kind, subject_id, payload, created_at, next_attempt_at)
SELECT gen_random_uuid(), e.client_id, 'leadSignal', e.id, '{"signal": "leadWoken"}', now(), now()
FROM "enrollment" e JOIN "campaign" k ON k.id = e.campaign_id WHERE k.status = 'completed' AND e.status = 'active';
-- Nothing stays planned on a sequence that has ended, and nothing stays booked for it (LIM-6).
WITH given_back AS (
  DELETE FROM "capacity_hold" h USING "touch" t, "enrollment" e
  WHERE t.id = h.touch_id AND e.id = t.enrollment_id AND t.status = 'planned' AND e.status IN ('completed', 'stopped')
  RETURNING h.counter, h.resource_id, h.period, h.starts_on
), sums AS (
  SELECT counter, resource_id, period, starts_on, count(*) AS n FROM given_back GROUP BY 1, 2, 3, 4
)
UPDATE "capacity_counter" c SET booked = c.booked - s.n FROM sums s
WHERE c.counter = s.counter AND c.resource_id = s.resource_id AND c.period = s.period AND c.starts_on = s.starts_on;
UPDATE "touch" t SET status = 'cancelled', slot_at = NULL, reason = e.stop_reason, rule = e.stop_rule
FROM "enrollment" e WHERE e.id = t.enrollment_id AND t.status = 'planned' AND e.status IN ('completed', 'stopped');
UPDATE "touch" SET reason = 'sequence ended', rule = coalesce(rule, 'SEQ-1')
WHERE status IN ('skipped', 'cancelled', 'failed') AND reason IS NULL;

ALTER TABLE "enrollment" DROP COLUMN "workflow_started_at";

-- ACC-2: the order of admission stands where it can be read in order.
ALTER TABLE "enrollment" ADD COLUMN "rank" INTEGER NOT NULL DEFAULT 1;
UPDATE "enrollment" e SET rank = -l.score FROM "lead" l WHERE l.id = e.lead_id AND l.score IS NOT NULL;

-- Indexes. The hot path's, and the partial ones that Prisma's language cannot say.

DROP INDEX "touch_campaign_id_status_idx";
DROP INDEX "touch_sender_id_slot_at_idx";
CREATE INDEX "sender_client_id_idx" ON "sender"("client_id");
CREATE UNIQUE INDEX "sender_kind_address_key" ON "sender"("kind", "address");
CREATE UNIQUE INDEX "sender_id_client_id_key" ON "sender"("id", "client_id");
CREATE UNIQUE INDEX "pause_sender_id_reason_key" ON "pause"("sender_id", "reason");
CREATE UNIQUE INDEX "pause_domain_id_reason_key" ON "pause"("domain_id", "reason");
CREATE INDEX "capacity_counter_client_id_starts_on_idx" ON "capacity_counter"("client_id", "starts_on");
CREATE INDEX "event_subject_lead_id_idx" ON "event_subject"("lead_id");
CREATE INDEX "event_subject_touch_id_idx" ON "event_subject"("touch_id");
CREATE INDEX "outbox_subject_id_idx" ON "outbox"("subject_id");
CREATE UNIQUE INDEX "campaign_id_client_id_key" ON "campaign"("id", "client_id");
CREATE INDEX "capacity_hold_counter_resource_id_period_starts_on_idx" ON "capacity_hold"("counter", "resource_id", "period", "starts_on");
CREATE INDEX "enrollment_campaign_id_position_idx" ON "enrollment"("campaign_id", "position");
CREATE UNIQUE INDEX "enrollment_id_client_id_key" ON "enrollment"("id", "client_id");
CREATE UNIQUE INDEX "enrollment_id_campaign_id_client_id_key" ON "enrollment"("id", "campaign_id", "client_id");
CREATE INDEX "inbound_event_received_at_idx" ON "inbound_event"("received_at");
CREATE INDEX "lead_email_idx" ON "lead"("email");
CREATE INDEX "lead_mobile_idx" ON "lead"("mobile");
CREATE INDEX "lead_phone_idx" ON "lead"("phone");
CREATE INDEX "lead_linkedin_profile_idx" ON "lead"("linkedin_profile");
CREATE UNIQUE INDEX "lead_id_client_id_key" ON "lead"("id", "client_id");
CREATE INDEX "mailbox_domain_id_idx" ON "mailbox"("domain_id");
CREATE UNIQUE INDEX "mailbox_sender_id_client_id_key" ON "mailbox"("sender_id", "client_id");
CREATE UNIQUE INDEX "sending_domain_id_client_id_key" ON "sending_domain"("id", "client_id");
CREATE INDEX "suppression_client_id_value_hash_idx" ON "suppression"("client_id", "value_hash");
CREATE UNIQUE INDEX "touch_id_client_id_key" ON "touch"("id", "client_id");
CREATE UNIQUE INDEX "touch_text_touch_id_client_id_key" ON "touch_text"("touch_id", "client_id");

-- TIME-6: a sender's moments, however many touches it has sent.
CREATE INDEX "touch_sender_moment" ON "touch" ("sender_id", (coalesce("claimed_at", "slot_at")));
-- ACC-2: who waits, in the order of admission.
CREATE INDEX "enrollment_waiting" ON "enrollment" ("campaign_id", "rank", "position") WHERE "status" = 'waiting';
-- TRUTH-4: what a pause takes back.
CREATE INDEX "touch_planned_by_campaign" ON "touch" ("campaign_id") WHERE "status" = 'planned';
-- LIM, period now: what is going on at the moment.
CREATE INDEX "capacity_hold_now" ON "capacity_hold" ("counter", "resource_id", "ends_at") WHERE "period" = 'now';
-- The relay's queue: what is still to be delivered.
CREATE INDEX "outbox_due" ON "outbox" ("client_id", "next_attempt_at") WHERE "delivered_at" IS NULL AND "gave_up_at" IS NULL;
-- One open alert of a kind about a resource.
UPDATE "alert" a SET resolved_at = a.created_at WHERE a.resolved_at IS NULL AND EXISTS (
  SELECT 1 FROM alert b WHERE b.client_id = a.client_id AND b.kind = a.kind AND b.resource_id IS NOT DISTINCT FROM a.resource_id
    AND b.resolved_at IS NULL AND (b.created_at, b.id) < (a.created_at, a.id));
CREATE UNIQUE INDEX "alert_one_open" ON "alert" ("client_id", "kind", "resource_id") NULLS NOT DISTINCT
  WHERE "resolved_at" IS NULL;

-- Foreign keys

ALTER TABLE "api_key" ADD CONSTRAINT "api_key_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "sending_domain" ADD CONSTRAINT "sending_domain_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "sender" ADD CONSTRAINT "sender_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "sender_channel" ADD CONSTRAINT "sender_channel_sender_id_client_id_fkey" FOREIGN KEY ("sender_id", "client_id") REFERENCES "sender"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "mailbox" ADD CONSTRAINT "mailbox_sender_id_client_id_fkey" FOREIGN KEY ("sender_id", "client_id") REFERENCES "sender"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "mailbox" ADD CONSTRAINT "mailbox_domain_id_client_id_fkey" FOREIGN KEY ("domain_id", "client_id") REFERENCES "sending_domain"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "pause" ADD CONSTRAINT "pause_sender_id_client_id_fkey" FOREIGN KEY ("sender_id", "client_id") REFERENCES "sender"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "pause" ADD CONSTRAINT "pause_domain_id_client_id_fkey" FOREIGN KEY ("domain_id", "client_id") REFERENCES "sending_domain"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "campaign_step" ADD CONSTRAINT "campaign_step_campaign_id_client_id_fkey" FOREIGN KEY ("campaign_id", "client_id") REFERENCES "campaign"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "lead" ADD CONSTRAINT "lead_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_campaign_id_client_id_fkey" FOREIGN KEY ("campaign_id", "client_id") REFERENCES "campaign"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_lead_id_client_id_fkey" FOREIGN KEY ("lead_id", "client_id") REFERENCES "lead"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "touch" ADD CONSTRAINT "touch_enrollment_id_campaign_id_client_id_fkey" FOREIGN KEY ("enrollment_id", "campaign_id", "client_id") REFERENCES "enrollment"("id", "campaign_id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "touch" ADD CONSTRAINT "touch_sender_id_client_id_fkey" FOREIGN KEY ("sender_id", "client_id") REFERENCES "sender"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "touch_text" ADD CONSTRAINT "touch_text_touch_id_client_id_fkey" FOREIGN KEY ("touch_id", "client_id") REFERENCES "touch"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "capacity_counter" ADD CONSTRAINT "capacity_counter_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "capacity_hold" ADD CONSTRAINT "capacity_hold_touch_id_client_id_fkey" FOREIGN KEY ("touch_id", "client_id") REFERENCES "touch"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "capacity_hold" ADD CONSTRAINT "capacity_hold_counter_resource_id_period_starts_on_fkey" FOREIGN KEY ("counter", "resource_id", "period", "starts_on") REFERENCES "capacity_counter"("counter", "resource_id", "period", "starts_on") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "event_subject" ADD CONSTRAINT "event_subject_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "inbound_event"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "event_subject" ADD CONSTRAINT "event_subject_lead_id_client_id_fkey" FOREIGN KEY ("lead_id", "client_id") REFERENCES "lead"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "event_subject" ADD CONSTRAINT "event_subject_touch_id_client_id_fkey" FOREIGN KEY ("touch_id", "client_id") REFERENCES "touch"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "suppression" ADD CONSTRAINT "suppression_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "timeline_entry" ADD CONSTRAINT "timeline_entry_enrollment_id_client_id_fkey" FOREIGN KEY ("enrollment_id", "client_id") REFERENCES "enrollment"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "alert" ADD CONSTRAINT "alert_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- CHECKs: what no row may say.

UPDATE "enrollment" SET admitted_at = created_at WHERE status = 'active' AND admitted_at IS NULL;
UPDATE "enrollment" SET finished_at = created_at WHERE status IN ('completed', 'stopped') AND finished_at IS NULL;
UPDATE "enrollment" SET stop_reason = coalesce(stop_reason, 'stopped'), stop_rule = coalesce(stop_rule, 'CTL-3') WHERE status = 'stopped';
UPDATE "campaign" SET activated_at = created_at WHERE status <> 'draft' AND activated_at IS NULL;
UPDATE "campaign" SET completed_at = created_at WHERE status = 'completed' AND completed_at IS NULL;

ALTER TABLE "sender" ADD CONSTRAINT "sender_address_by_kind" CHECK (CASE kind
  WHEN 'mailbox' THEN address LIKE '_%@_%' AND address = lower(address)
  WHEN 'phone_number' THEN address ~ '^\+[0-9]{6,15}$'
  ELSE address <> '' END);
ALTER TABLE "sender_channel" ADD CONSTRAINT "sender_channel_words" CHECK (channel ~ '^[a-z]+$' AND provider ~ '^[a-z]+$');
ALTER TABLE "pause" ADD CONSTRAINT "pause_of_one" CHECK (num_nonnulls(sender_id, domain_id) = 1);
ALTER TABLE "mailbox" ADD CONSTRAINT "mailbox_smtp" CHECK (
  (smtp_host IS NOT NULL OR num_nonnulls(smtp_port, smtp_username, smtp_password) = 0) AND smtp_port BETWEEN 1 AND 65535);
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_status_columns" CHECK (
  (status = 'draft') = (activated_at IS NULL) AND (status = 'completed') = (completed_at IS NOT NULL));
ALTER TABLE "campaign_step" ADD CONSTRAINT "campaign_step_numbers" CHECK (step > 0 AND day >= 0 AND channel ~ '^[a-z]+$');
ALTER TABLE "lead" ADD CONSTRAINT "lead_values" CHECK (
  email = lower(email) AND score BETWEEN 0 AND 100 AND soft_bounces >= 0
  AND phone ~ '^\+[0-9]+$' AND mobile ~ '^\+[0-9]+$' AND (linkedin_url IS NULL) = (linkedin_profile IS NULL));
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_status_columns" CHECK (
  rank BETWEEN -100 AND 1 AND
  (status = 'stopped') = (stop_reason IS NOT NULL) AND (stop_reason IS NULL) = (stop_rule IS NULL)
  AND (status IN ('completed', 'stopped')) = (finished_at IS NOT NULL)
  AND (status <> 'waiting' OR admitted_at IS NULL) AND (status <> 'active' OR admitted_at IS NOT NULL));
ALTER TABLE "touch" ADD CONSTRAINT "touch_status_columns" CHECK (
  (sent_at IS NULL) = (sent_on IS NULL)
  AND (status IN ('sent', 'uncertain')) = (sent_at IS NOT NULL)
  AND (status NOT IN ('sending', 'sent', 'uncertain') OR (sender_id IS NOT NULL AND claimed_at IS NOT NULL AND fence > 0))
  AND (slot_at IS NULL OR sender_id IS NOT NULL)
  AND (status NOT IN ('skipped', 'cancelled', 'failed') OR (slot_at IS NULL AND reason IS NOT NULL)));
ALTER TABLE "touch" ADD CONSTRAINT "touch_numbers" CHECK (
  step > 0 AND fence >= 0 AND days_waited >= 0 AND text_failures >= 0 AND channel ~ '^[a-z]+$');
ALTER TABLE "touch_text" ADD CONSTRAINT "touch_text_numbers" CHECK (
  input_tokens >= 0 AND output_tokens >= 0 AND cost_micro_usd >= 0);
ALTER TABLE "capacity_counter" ADD CONSTRAINT "capacity_counter_numbers" CHECK (
  booked >= 0 AND consumed >= 0 AND "limit" >= 0 AND period <> 'now');
ALTER TABLE "capacity_hold" ADD CONSTRAINT "capacity_hold_columns" CHECK (
  (period = 'now') = (starts_on IS NULL) AND (period = 'now') = (ends_at IS NOT NULL)
  AND (period <> 'now' OR state = 'consumed'));
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_columns" CHECK (
  attempts >= 0 AND (delivered_at IS NULL OR gave_up_at IS NULL) AND kind <> '');
ALTER TABLE "suppression" ADD CONSTRAINT "suppression_value" CHECK (value <> '' AND value_hash <> '');
ALTER TABLE "timeline_entry" ADD CONSTRAINT "timeline_entry_words" CHECK (what <> '' AND reason <> '' AND rule <> '');

-- What booking and claiming are told: one row for each limit of a sender and each stretch of days with one maximum
-- (domain/limits.ts).
CREATE TYPE "sender_limit" AS (
  "sender_id" UUID,
  "counter" TEXT,
  "resource_id" UUID,
  "period" TEXT,
  "from_day" DATE,
  "until_day" DATE,
  "maximum" INTEGER,
  "lasts_seconds" INTEGER
);
