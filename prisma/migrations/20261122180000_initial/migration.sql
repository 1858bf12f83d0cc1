-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Tier" AS ENUM ('ignition', 'velocity', 'dominance');

-- CreateEnum
CREATE TYPE "Channel" AS ENUM ('email', 'voice', 'linkedin', 'sms');

-- CreateEnum
CREATE TYPE "CampaignStatus" AS ENUM ('draft', 'active', 'paused', 'completed');

-- CreateEnum
CREATE TYPE "EnrollmentStatus" AS ENUM ('waiting', 'active', 'completed', 'stopped');

-- CreateEnum
CREATE TYPE "TouchStatus" AS ENUM ('planned', 'sending', 'sent', 'failed', 'uncertain', 'skipped', 'cancelled');

-- CreateEnum
CREATE TYPE "TimezoneSource" AS ENUM ('hq', 'country', 'client');

-- CreateEnum
CREATE TYPE "CapacityKind" AS ENUM ('client_email', 'client_sms', 'domain', 'mailbox', 'number_voice', 'number_sms', 'seat_invitations');

-- CreateEnum
CREATE TYPE "HoldState" AS ENUM ('booked', 'consumed');

-- CreateEnum
CREATE TYPE "SuppressionKind" AS ENUM ('email', 'domain', 'phone', 'linkedin');

-- CreateEnum
CREATE TYPE "SuppressionScope" AS ENUM ('all', 'email');

-- CreateTable
CREATE TABLE "client" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "timezone" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "region" TEXT,
    "tier" "Tier" NOT NULL,
    "postal_address" TEXT,
    "website" TEXT,
    "proof_points" TEXT[],
    "sender_name" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "client_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "client_id" UUID,
    "name" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "key_holder_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "response" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("key_holder_id","key")
);

-- CreateTable
CREATE TABLE "sending_domain" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "warmup_started_at" DATE NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "reviewed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sending_domain_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mailbox" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "domain_id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "display_name" TEXT,
    "smtp_host" TEXT,
    "smtp_port" INTEGER,
    "smtp_username" TEXT,
    "smtp_password" TEXT,
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mailbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "phone_number" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "channels" "Channel"[],
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "phone_number_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "linkedin_seat" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "account_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "linkedin_seat_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "targeting" JSONB NOT NULL,
    "status" "CampaignStatus" NOT NULL DEFAULT 'draft',
    "uses_default_sequence" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "activated_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaign_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_step" (
    "campaign_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "step" INTEGER NOT NULL,
    "day" INTEGER NOT NULL,
    "channel" "Channel" NOT NULL,
    "purpose" TEXT NOT NULL,
    "replaces" "Channel",

    CONSTRAINT "campaign_step_pkey" PRIMARY KEY ("campaign_id","step")
);

-- CreateTable
CREATE TABLE "lead" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "first_name" TEXT,
    "last_name" TEXT,
    "title" TEXT,
    "company" TEXT,
    "company_domain" TEXT,
    "company_size" TEXT,
    "industry" TEXT,
    "phone" TEXT,
    "mobile" TEXT,
    "linkedin_url" TEXT,
    "city" TEXT,
    "state" TEXT,
    "country" TEXT,
    "country_code" TEXT,
    "region_code" TEXT,
    "timezone" TEXT NOT NULL,
    "timezone_source" "TimezoneSource" NOT NULL,
    "call_timezone" TEXT NOT NULL,
    "score" INTEGER,
    "soft_bounces" INTEGER NOT NULL DEFAULT 0,
    "unsubscribe_token" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lead_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "enrollment" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "lead_id" UUID NOT NULL,
    "status" "EnrollmentStatus" NOT NULL DEFAULT 'waiting',
    "position" SERIAL NOT NULL,
    "day0" DATE,
    "hold_until" DATE,
    "stop_reason" TEXT,
    "stop_rule" TEXT,
    "admitted_at" TIMESTAMPTZ(3),
    "workflow_started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "enrollment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "touch" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "enrollment_id" UUID NOT NULL,
    "step" INTEGER NOT NULL,
    "channel" "Channel" NOT NULL,
    "status" "TouchStatus" NOT NULL,
    "slot_at" TIMESTAMPTZ(3),
    "planned_for" TIMESTAMPTZ(3),
    "sender_id" UUID,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "claimed_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "sent_on" DATE,
    "reference" TEXT,
    "days_waited" INTEGER NOT NULL DEFAULT 0,
    "waited_on" DATE,
    "text_failures" INTEGER NOT NULL DEFAULT 0,
    "reason" TEXT,
    "rule" TEXT,
    "numbers" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "touch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "touch_text" (
    "touch_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "content" JSONB NOT NULL,
    "prompt_version" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "input_tokens" INTEGER NOT NULL,
    "output_tokens" INTEGER NOT NULL,
    "cost_micro_usd" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "touch_text_pkey" PRIMARY KEY ("touch_id")
);

-- CreateTable
CREATE TABLE "capacity_day" (
    "kind" "CapacityKind" NOT NULL,
    "resource_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "client_id" UUID NOT NULL,
    "limit" INTEGER NOT NULL,
    "booked" INTEGER NOT NULL DEFAULT 0,
    "consumed" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "capacity_day_pkey" PRIMARY KEY ("kind","resource_id","day")
);

-- CreateTable
CREATE TABLE "capacity_hold" (
    "touch_id" UUID NOT NULL,
    "kind" "CapacityKind" NOT NULL,
    "resource_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "state" "HoldState" NOT NULL,

    CONSTRAINT "capacity_hold_pkey" PRIMARY KEY ("touch_id","kind")
);

-- CreateTable
CREATE TABLE "inbound_event" (
    "id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_event_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "client_id" UUID,
    "lead_id" UUID,
    "enrollment_id" UUID,
    "touch_id" UUID,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT,
    "payload" JSONB NOT NULL,

    CONSTRAINT "inbound_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pending_signal" (
    "id" UUID NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "signal" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "pending_signal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suppression" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "kind" "SuppressionKind" NOT NULL,
    "value_hash" TEXT NOT NULL,
    "value" TEXT,
    "scope" "SuppressionScope" NOT NULL DEFAULT 'all',
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "suppression_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "timeline_entry" (
    "id" BIGSERIAL NOT NULL,
    "client_id" UUID NOT NULL,
    "enrollment_id" UUID NOT NULL,
    "touch_id" UUID,
    "step" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "what" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "numbers" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "timeline_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "resource_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_secret_hash_key" ON "api_key"("secret_hash");

-- CreateIndex
CREATE INDEX "api_key_client_id_idx" ON "api_key"("client_id");

-- CreateIndex
CREATE UNIQUE INDEX "sending_domain_name_key" ON "sending_domain"("name");

-- CreateIndex
CREATE INDEX "sending_domain_client_id_idx" ON "sending_domain"("client_id");

-- CreateIndex
CREATE UNIQUE INDEX "mailbox_address_key" ON "mailbox"("address");

-- CreateIndex
CREATE INDEX "mailbox_client_id_idx" ON "mailbox"("client_id");

-- CreateIndex
CREATE UNIQUE INDEX "phone_number_number_key" ON "phone_number"("number");

-- CreateIndex
CREATE INDEX "phone_number_client_id_idx" ON "phone_number"("client_id");

-- CreateIndex
CREATE UNIQUE INDEX "linkedin_seat_account_id_key" ON "linkedin_seat"("account_id");

-- CreateIndex
CREATE INDEX "linkedin_seat_client_id_idx" ON "linkedin_seat"("client_id");

-- CreateIndex
CREATE INDEX "campaign_client_id_idx" ON "campaign"("client_id");

-- CreateIndex
CREATE UNIQUE INDEX "lead_unsubscribe_token_key" ON "lead"("unsubscribe_token");

-- CreateIndex
CREATE UNIQUE INDEX "lead_client_id_email_key" ON "lead"("client_id", "email");

-- CreateIndex
CREATE INDEX "enrollment_campaign_id_status_idx" ON "enrollment"("campaign_id", "status");

-- CreateIndex
CREATE INDEX "enrollment_lead_id_idx" ON "enrollment"("lead_id");

-- CreateIndex
CREATE UNIQUE INDEX "enrollment_campaign_id_lead_id_key" ON "enrollment"("campaign_id", "lead_id");

-- CreateIndex
CREATE INDEX "touch_sender_id_slot_at_idx" ON "touch"("sender_id", "slot_at");

-- CreateIndex
CREATE INDEX "touch_sender_id_claimed_at_idx" ON "touch"("sender_id", "claimed_at");

-- CreateIndex
CREATE INDEX "touch_campaign_id_status_idx" ON "touch"("campaign_id", "status");

-- CreateIndex
CREATE INDEX "touch_reference_idx" ON "touch"("reference");

-- CreateIndex
CREATE UNIQUE INDEX "touch_enrollment_id_step_key" ON "touch"("enrollment_id", "step");

-- CreateIndex
CREATE INDEX "capacity_day_client_id_day_idx" ON "capacity_day"("client_id", "day");

-- CreateIndex
CREATE INDEX "capacity_hold_kind_resource_id_day_idx" ON "capacity_hold"("kind", "resource_id", "day");

-- CreateIndex
CREATE INDEX "inbound_event_client_id_received_at_idx" ON "inbound_event"("client_id", "received_at");

-- CreateIndex
CREATE INDEX "inbound_event_touch_id_idx" ON "inbound_event"("touch_id");

-- CreateIndex
CREATE INDEX "inbound_event_enrollment_id_idx" ON "inbound_event"("enrollment_id");

-- CreateIndex
CREATE UNIQUE INDEX "inbound_event_provider_provider_event_id_key" ON "inbound_event"("provider", "provider_event_id");

-- CreateIndex
CREATE INDEX "pending_signal_delivered_at_created_at_idx" ON "pending_signal"("delivered_at", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "suppression_client_id_kind_value_hash_key" ON "suppression"("client_id", "kind", "value_hash");

-- CreateIndex
CREATE INDEX "timeline_entry_enrollment_id_id_idx" ON "timeline_entry"("enrollment_id", "id");

-- CreateIndex
CREATE INDEX "alert_client_id_created_at_idx" ON "alert"("client_id", "created_at");

-- AddForeignKey
ALTER TABLE "mailbox" ADD CONSTRAINT "mailbox_domain_id_fkey" FOREIGN KEY ("domain_id") REFERENCES "sending_domain"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_step" ADD CONSTRAINT "campaign_step_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "touch" ADD CONSTRAINT "touch_enrollment_id_fkey" FOREIGN KEY ("enrollment_id") REFERENCES "enrollment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "touch_text" ADD CONSTRAINT "touch_text_touch_id_fkey" FOREIGN KEY ("touch_id") REFERENCES "touch"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema language cannot say. It is part of the first migration.

-- SEQ-8: a lead is in at most one active sequence.
CREATE UNIQUE INDEX "enrollment_one_active_per_lead" ON "enrollment" ("lead_id") WHERE "status" = 'active';
