-- MET: what each touch came to, the sums of these by what people ask for, and the leads whose share has to be counted anew.

CREATE TABLE "touch_measure" (
  "touch_id" UUID NOT NULL,
  "client_id" UUID NOT NULL,
  "lead_id" UUID NOT NULL,
  "campaign_id" UUID NOT NULL,
  "domain_id" UUID,
  "step" INTEGER NOT NULL,
  "channel" TEXT NOT NULL,
  "sent_on" DATE NOT NULL,
  "admitted_on" DATE NOT NULL,
  "send_time" TEXT,
  "warm_up_day" INTEGER,
  "is_repeat" BOOLEAN NOT NULL,
  "sent" SMALLINT NOT NULL,
  "bounced" SMALLINT NOT NULL,
  "opens_measured" SMALLINT NOT NULL,
  "opened" SMALLINT NOT NULL,
  "opened_automatically" SMALLINT NOT NULL,
  "replied" SMALLINT NOT NULL,
  "stopped" SMALLINT NOT NULL,
  CONSTRAINT "touch_measure_pkey" PRIMARY KEY ("touch_id")
);
CREATE TABLE "metric_count" (
  "scope_id" UUID NOT NULL,
  "breakdown" TEXT NOT NULL,
  "sent_on" DATE NOT NULL,
  "admitted_on" DATE NOT NULL,
  "key" TEXT NOT NULL,
  "client_id" UUID NOT NULL,
  "sent" INTEGER NOT NULL,
  "bounced" INTEGER NOT NULL,
  "opens_measured" INTEGER NOT NULL,
  "opened" INTEGER NOT NULL,
  "opened_automatically" INTEGER NOT NULL,
  "replied" INTEGER NOT NULL,
  "stopped" INTEGER NOT NULL,
  CONSTRAINT "metric_count_pkey" PRIMARY KEY ("scope_id", "breakdown", "sent_on", "admitted_on", "key")
);
CREATE TABLE "measure_due" (
  "id" BIGSERIAL NOT NULL,
  "client_id" UUID NOT NULL,
  "lead_id" UUID NOT NULL,
  CONSTRAINT "measure_due_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "opens_source" (
  "domain_id" UUID NOT NULL,
  "client_id" UUID NOT NULL,
  "since" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "opens_source_pkey" PRIMARY KEY ("domain_id")
);

CREATE UNIQUE INDEX "touch_measure_touch_id_client_id_key" ON "touch_measure"("touch_id", "client_id");
CREATE INDEX "touch_measure_lead_id_idx" ON "touch_measure"("lead_id");
CREATE INDEX "touch_measure_campaign_id_domain_id_idx" ON "touch_measure"("campaign_id", "domain_id");
CREATE INDEX "touch_measure_domain_id_idx" ON "touch_measure"("domain_id");
CREATE INDEX "metric_count_client_id_idx" ON "metric_count"("client_id");
CREATE INDEX "measure_due_client_id_id_idx" ON "measure_due"("client_id", "id");
CREATE INDEX "measure_due_client_id_lead_id_idx" ON "measure_due"("client_id", "lead_id");
CREATE UNIQUE INDEX "opens_source_domain_id_client_id_key" ON "opens_source"("domain_id", "client_id");
-- MET-2: who was touched at one step in several campaigns.
CREATE INDEX "touch_measure_repeats" ON "touch_measure" ("client_id", "sent_on") WHERE "is_repeat";

ALTER TABLE "touch_measure" ADD CONSTRAINT "touch_measure_touch_id_client_id_fkey" FOREIGN KEY ("touch_id", "client_id") REFERENCES "touch"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "metric_count" ADD CONSTRAINT "metric_count_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "measure_due" ADD CONSTRAINT "measure_due_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "opens_source" ADD CONSTRAINT "opens_source_domain_id_client_id_fkey" FOREIGN KEY ("domain_id", "client_id") REFERENCES "sending_domain"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "touch_measure" ADD CONSTRAINT "touch_measure_counts" CHECK (
  sent = 1 AND bounced IN (0, 1) AND opens_measured IN (0, 1) AND opened IN (0, 1) AND opened_automatically IN (0, 1)
  AND replied IN (0, 1) AND stopped IN (0, 1)
  AND bounced + opens_measured <= 1 AND opened + opened_automatically <= opens_measured);
ALTER TABLE "metric_count" ADD CONSTRAINT "metric_count_numbers" CHECK (
  sent > 0 AND least(bounced, opens_measured, opened, opened_automatically, replied, stopped) >= 0
  AND bounced + opens_measured <= sent AND opened + opened_automatically <= opens_measured
  AND greatest(replied, stopped) <= sent);
ALTER TABLE "metric_count" ADD CONSTRAINT "metric_count_breakdown" CHECK (
  breakdown IN ('sendTime', 'step', 'warmUpDay', 'channel'));

-- Whatever changes what a lead's touches came to leaves a note in its own transaction, whoever writes it. The function's
-- present truth is functions/measure_later.sql.

CREATE FUNCTION measure_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'touch' THEN
      INSERT INTO measure_due (client_id, lead_id)
      SELECT e.client_id, e.lead_id FROM enrollment e WHERE e.id = NEW.enrollment_id;
    WHEN 'lead' THEN
      INSERT INTO measure_due (client_id, lead_id) VALUES (NEW.client_id, NEW.id);
    WHEN 'client' THEN
      PERFORM pg_advisory_xact_lock(hashtextextended('metrics:' || NEW.id, 0));
      INSERT INTO measure_due (client_id, lead_id)
      SELECT DISTINCT e.client_id, e.lead_id FROM enrollment e JOIN touch t ON t.enrollment_id = e.id
      WHERE e.client_id = NEW.id AND t.sent_at IS NOT NULL;
    WHEN 'sending_domain' THEN
      PERFORM pg_advisory_xact_lock(hashtextextended('metrics:' || NEW.client_id, 0));
      INSERT INTO measure_due (client_id, lead_id)
      SELECT DISTINCT m.client_id, m.lead_id FROM touch_measure m WHERE m.domain_id = NEW.id;
    ELSE
      INSERT INTO measure_due (client_id, lead_id) VALUES (NEW.client_id, NEW.lead_id);
  END CASE;
  RETURN NULL;
END
$$;

CREATE TRIGGER measure_on_insert AFTER INSERT ON "touch" FOR EACH ROW
  WHEN (NEW.sent_at IS NOT NULL) EXECUTE FUNCTION measure_later();
CREATE TRIGGER measure_on_sending AFTER UPDATE OF "sent_at" ON "touch" FOR EACH ROW
  WHEN (NEW.sent_at IS DISTINCT FROM OLD.sent_at) EXECUTE FUNCTION measure_later();
CREATE TRIGGER measure_on_event AFTER INSERT OR UPDATE ON "event_subject" FOR EACH ROW EXECUTE FUNCTION measure_later();
CREATE TRIGGER measure_on_admission AFTER UPDATE OF "admitted_at" ON "enrollment" FOR EACH ROW
  WHEN (OLD.admitted_at IS NOT NULL AND NEW.admitted_at IS DISTINCT FROM OLD.admitted_at) EXECUTE FUNCTION measure_later();
CREATE TRIGGER measure_on_zone AFTER UPDATE OF "timezone" ON "lead" FOR EACH ROW
  WHEN (NEW.timezone IS DISTINCT FROM OLD.timezone) EXECUTE FUNCTION measure_later();
CREATE TRIGGER measure_on_zone AFTER UPDATE OF "timezone" ON "client" FOR EACH ROW
  WHEN (NEW.timezone IS DISTINCT FROM OLD.timezone) EXECUTE FUNCTION measure_later();
CREATE TRIGGER measure_on_warm_up AFTER UPDATE OF "warmup_started_at" ON "sending_domain" FOR EACH ROW
  WHEN (NEW.warmup_started_at IS DISTINCT FROM OLD.warmup_started_at) EXECUTE FUNCTION measure_later();

-- What was sent before is counted as well.
INSERT INTO "measure_due" (client_id, lead_id)
SELECT e.client_id, e.lead_id FROM "enrollment" e
WHERE EXISTS (SELECT FROM "touch" t WHERE t.enrollment_id = e.id AND t.sent_at IS NOT NULL) ORDER BY e.admitted_at, e.id;
