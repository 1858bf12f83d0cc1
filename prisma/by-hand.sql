-- What Prisma's schema language cannot say. It is part of the first migration.

-- SEQ-8: a lead is in at most one active sequence.
CREATE UNIQUE INDEX "enrollment_one_active_per_lead" ON "enrollment" ("lead_id") WHERE "status" = 'active';
