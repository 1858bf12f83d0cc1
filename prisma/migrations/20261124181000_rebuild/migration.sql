-- What the maintenance does, each chore by its own interval; and alerts that belong to no client but to the operator.

CREATE TABLE "chore" (
    "name" TEXT NOT NULL,
    "began_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "chore_pkey" PRIMARY KEY ("name")
);
ALTER TABLE "chore" ADD CONSTRAINT "chore_failures" CHECK (failures >= 0);

ALTER TABLE "alert" ALTER COLUMN "client_id" DROP NOT NULL;
