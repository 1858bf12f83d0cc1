-- The DNS gate: what the DNS says of a sending domain, when it was asked, and the selector that a client names. A domain
-- that was registered before goes on sending until its first check.

ALTER TABLE "sending_domain" ADD COLUMN "dkim_selector" TEXT,
  ADD COLUMN "dns_asked_at" TIMESTAMPTZ(3),
  ADD COLUMN "dns_failure" TEXT,
  ADD COLUMN "dns_checked_at" TIMESTAMPTZ(3),
  ADD CONSTRAINT "sending_domain_dns" CHECK (
    dkim_selector ~ '^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$'
    AND (dns_checked_at IS NULL OR dns_asked_at IS NOT NULL AND dns_asked_at >= dns_checked_at)
    AND (dns_failure IS NULL OR dns_failure <> '' AND dns_asked_at IS NOT NULL)
  );
CREATE INDEX "sending_domain_dns_asked_at_idx" ON "sending_domain"("dns_asked_at");

CREATE TABLE "domain_dns_check" (
    "id" BIGSERIAL NOT NULL,
    "client_id" UUID NOT NULL,
    "domain_id" UUID NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "records" JSONB NOT NULL,

    CONSTRAINT "domain_dns_check_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "domain_dns_check_records" CHECK (jsonb_typeof(records) = 'array' AND jsonb_array_length(records) > 0)
);
CREATE INDEX "domain_dns_check_domain_id_id_idx" ON "domain_dns_check"("domain_id", "id");
ALTER TABLE "domain_dns_check" ADD CONSTRAINT "domain_dns_check_domain_id_client_id_fkey"
  FOREIGN KEY ("domain_id", "client_id") REFERENCES "sending_domain"("id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
