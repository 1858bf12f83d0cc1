-- Inboxes that are read by IMAP: the account, the cursor, and the lease of whoever reads one. There are as many as there are
-- mailboxes, and each lease is renewed every few seconds: no index on due_at, which would cost more than it saves.

CREATE TYPE "InboxState" AS ENUM ('waiting', 'reading', 'unreachable', 'refused');
CREATE TABLE "inbox" (
    "sender_id" UUID NOT NULL,
    "client_id" UUID NOT NULL,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "username" TEXT NOT NULL,
    "password" TEXT NOT NULL,
    "secure" BOOLEAN NOT NULL,
    "uid_validity" BIGINT,
    "last_uid" BIGINT,
    "trying_uid" BIGINT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "state" "InboxState" NOT NULL DEFAULT 'waiting',
    "error" TEXT,
    "last_seen_at" TIMESTAMPTZ(3),
    "holder" UUID,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failures" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("sender_id"),
    CONSTRAINT "inbox_account" CHECK (host <> '' AND port BETWEEN 1 AND 65535 AND username <> '' AND password <> ''),
    -- RFC 9051: both are unsigned numbers of 32 bits. 0: no mail is stored yet.
    CONSTRAINT "inbox_cursor" CHECK (
      (uid_validity IS NULL) = (last_uid IS NULL) AND uid_validity > 0 AND last_uid BETWEEN 0 AND 4294967295
    ),
    CONSTRAINT "inbox_tries" CHECK (tries >= 0 AND (trying_uid IS NULL) = (tries = 0) AND trying_uid > 0),
    CONSTRAINT "inbox_state" CHECK (
      failures >= 0 AND (state IN ('unreachable', 'refused')) = (error IS NOT NULL) AND error <> ''
    )
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX "inbox_sender_id_client_id_key" ON "inbox"("sender_id", "client_id");
ALTER TABLE "inbox" ADD CONSTRAINT "inbox_sender_id_client_id_fkey"
  FOREIGN KEY ("sender_id", "client_id") REFERENCES "mailbox"("sender_id", "client_id") ON DELETE CASCADE ON UPDATE CASCADE;
