-- Credits as a ledger (PACE), the health of a domain (HLTH), and leases for what one process at a time does.

CREATE TYPE "CreditEntryKind" AS ENUM ('grant', 'admit', 'refund', 'adjust');
CREATE TYPE "HealthChangeKind" AS ENUM ('halved', 'restored', 'paused', 'resumed', 'flagged', 'reviewed');

ALTER TABLE "sending_domain" ADD COLUMN "halved_since" TIMESTAMPTZ(3), ADD COLUMN "resumed_at" TIMESTAMPTZ(3),
  ADD COLUMN "flagged_at" TIMESTAMPTZ(3);
ALTER TABLE "campaign" ADD COLUMN "content_flagged_at" TIMESTAMPTZ(3), ADD COLUMN "content_reviewed_at" TIMESTAMPTZ(3);

CREATE INDEX "enrollment_client_id_admitted_at_idx" ON "enrollment"("client_id", "admitted_at");

CREATE TABLE "credit_period" (
  "id" UUID NOT NULL,
  "client_id" UUID NOT NULL,
  "starts_at" TIMESTAMPTZ(3) NOT NULL,
  "ends_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "credit_period_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "credit_period_id_client_id_key" ON "credit_period"("id", "client_id");
CREATE UNIQUE INDEX "credit_period_client_id_starts_at_key" ON "credit_period"("client_id", "starts_at");
ALTER TABLE "credit_period" ADD CONSTRAINT "credit_period_client_id_fkey"
  FOREIGN KEY ("client_id") REFERENCES "client"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "credit_period" ADD CONSTRAINT "credit_period_ends" CHECK (ends_at > starts_at);

CREATE TABLE "credit_entry" (
  "id" BIGSERIAL NOT NULL,
  "client_id" UUID NOT NULL,
  "period_id" UUID NOT NULL,
  "kind" "CreditEntryKind" NOT NULL,
  "amount" INTEGER NOT NULL,
  "balance" INTEGER NOT NULL,
  "lead_id" UUID,
  "enrollment_id" UUID,
  "reason" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "credit_entry_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "credit_entry_period_id_id_idx" ON "credit_entry"("period_id", "id");
CREATE INDEX "credit_entry_client_id_at_idx" ON "credit_entry"("client_id", "at");
-- PACE-5: an enrollment costs one credit in a period at most, whatever crashes, and gives one back.
CREATE UNIQUE INDEX "credit_entry_one_admission" ON "credit_entry"("period_id", "enrollment_id") WHERE kind = 'admit';
CREATE UNIQUE INDEX "credit_entry_one_refund" ON "credit_entry"("period_id", "enrollment_id") WHERE kind = 'refund';
CREATE INDEX "credit_entry_lead" ON "credit_entry"("lead_id", "period_id") WHERE lead_id IS NOT NULL;
CREATE UNIQUE INDEX "credit_entry_one_grant" ON "credit_entry"("period_id") WHERE kind = 'grant';
ALTER TABLE "credit_entry" ADD CONSTRAINT "credit_entry_period_id_client_id_fkey"
  FOREIGN KEY ("period_id", "client_id") REFERENCES "credit_period"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "credit_entry" ADD CONSTRAINT "credit_entry_lead_id_client_id_fkey"
  FOREIGN KEY ("lead_id", "client_id") REFERENCES "lead"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "credit_entry" ADD CONSTRAINT "credit_entry_enrollment_id_client_id_fkey"
  FOREIGN KEY ("enrollment_id", "client_id") REFERENCES "enrollment"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "credit_entry" ADD CONSTRAINT "credit_entry_balance" CHECK (balance >= 0);
ALTER TABLE "credit_entry" ADD CONSTRAINT "credit_entry_amount" CHECK (reason <> '' AND CASE kind
  WHEN 'grant' THEN amount > 0 WHEN 'admit' THEN amount = -1 WHEN 'refund' THEN amount = 1 ELSE amount <> 0 END);
ALTER TABLE "credit_entry" ADD CONSTRAINT "credit_entry_lead" CHECK (
  num_nonnulls(lead_id, enrollment_id) = CASE WHEN kind IN ('admit', 'refund') THEN 2 ELSE 0 END);

CREATE TABLE "health_change" (
  "id" BIGSERIAL NOT NULL,
  "client_id" UUID NOT NULL,
  "domain_id" UUID NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "kind" "HealthChangeKind" NOT NULL,
  "sends" INTEGER NOT NULL,
  "bounces" INTEGER NOT NULL,
  "complaints" INTEGER NOT NULL,
  "unsubscribes" INTEGER NOT NULL,
  CONSTRAINT "health_change_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "health_change_domain_id_at_idx" ON "health_change"("domain_id", "at");
CREATE INDEX "health_change_client_id_at_idx" ON "health_change"("client_id", "at");
ALTER TABLE "health_change" ADD CONSTRAINT "health_change_domain_id_client_id_fkey"
  FOREIGN KEY ("domain_id", "client_id") REFERENCES "sending_domain"("id", "client_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "health_change" ADD CONSTRAINT "health_change_counts" CHECK (
  sends >= 0 AND bounces >= 0 AND complaints >= 0 AND unsubscribes >= 0);

CREATE TABLE "lease" (
  "name" TEXT NOT NULL,
  "holder" UUID NOT NULL,
  "until" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "lease_pkey" PRIMARY KEY ("name")
);
