-- Leads found by search: how far each search has come, who was found, what was asked for, and which fields a provider told.

ALTER TABLE "lead" ADD COLUMN "field_sources" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "lead" ADD COLUMN "enriched_at" TIMESTAMPTZ(3);
ALTER TABLE "lead" ADD CONSTRAINT "lead_field_sources" CHECK (jsonb_typeof(field_sources) = 'object');

CREATE TABLE "lead_search" (
    "campaign_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "query_hash" TEXT NOT NULL,
    "cursor" TEXT,
    "total" INTEGER,
    "exhausted_at" TIMESTAMPTZ(3),
    "leased_until" TIMESTAMPTZ(3),

    CONSTRAINT "lead_search_pkey" PRIMARY KEY ("campaign_id","provider"),
    CONSTRAINT "lead_search_columns" CHECK (provider ~ '^[a-z][a-z0-9-]*$' AND query_hash <> '' AND total >= 0
      AND (exhausted_at IS NULL OR cursor IS NULL))
);
ALTER TABLE "lead_search" ADD CONSTRAINT "lead_search_campaign_id_client_id_fkey" FOREIGN KEY ("campaign_id", "client_id")
  REFERENCES "campaign"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "sourced_person" (
    "client_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "person_hash" TEXT NOT NULL,
    "campaign_id" UUID NOT NULL,
    "request_key" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "lead_id" UUID,
    "credits" INTEGER NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sourced_person_pkey" PRIMARY KEY ("client_id","provider","person_hash"),
    CONSTRAINT "sourced_person_outcome" CHECK (outcome IN ('imported', 'known', 'suppressed', 'no_email', 'refused')
      AND (outcome = 'imported') = (lead_id IS NOT NULL) AND credits >= 0 AND request_key <> '')
);
CREATE INDEX "sourced_person_campaign_id_request_key_idx" ON "sourced_person"("campaign_id", "request_key");
CREATE INDEX "sourced_person_lead_id_idx" ON "sourced_person"("lead_id");
ALTER TABLE "sourced_person" ADD CONSTRAINT "sourced_person_client_id_fkey" FOREIGN KEY ("client_id")
  REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "sourced_person" ADD CONSTRAINT "sourced_person_campaign_id_client_id_fkey"
  FOREIGN KEY ("campaign_id", "client_id") REFERENCES "campaign"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "sourced_person" ADD CONSTRAINT "sourced_person_lead_id_client_id_fkey"
  FOREIGN KEY ("lead_id", "client_id") REFERENCES "lead"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "source_request" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'source',
    "wanted" INTEGER NOT NULL,
    "imported" INTEGER NOT NULL DEFAULT 0,
    "credits" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "leased_until" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "last_error" TEXT,

    CONSTRAINT "source_request_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "source_request_columns" CHECK (kind IN ('source', 'enrich') AND wanted BETWEEN 1 AND 500 AND imported BETWEEN 0 AND wanted AND credits >= 0
      AND attempts >= 0 AND (finished_at IS NULL) = (outcome IS NULL) AND outcome <> '')
);
CREATE INDEX "source_request_campaign_id_created_at_idx" ON "source_request"("campaign_id", "created_at");
CREATE UNIQUE INDEX "source_request_one_open" ON "source_request"("campaign_id") WHERE finished_at IS NULL;
CREATE INDEX "source_request_due" ON "source_request"("next_attempt_at") WHERE finished_at IS NULL;
ALTER TABLE "source_request" ADD CONSTRAINT "source_request_campaign_id_client_id_fkey"
  FOREIGN KEY ("campaign_id", "client_id") REFERENCES "campaign"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
