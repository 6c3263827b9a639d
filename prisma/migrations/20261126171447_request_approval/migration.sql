-- An approval of a request. Where the policy demands several, it takes effect with the last one.
CREATE TABLE "request_approval" (
    "request_id" UUID NOT NULL,
    "payload_hash" TEXT NOT NULL,
    "approver_id" UUID NOT NULL,
    "approved_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT,
    "minutes" INTEGER,

    CONSTRAINT "request_approval_pkey" PRIMARY KEY ("request_id", "payload_hash", "approver_id")
);
ALTER TABLE "request_approval" ADD CONSTRAINT "request_approval_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "request_approval" ADD CONSTRAINT "request_approval_approver_id_fkey" FOREIGN KEY ("approver_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX "request_approval_approver_id_idx" ON "request_approval"("approver_id");

-- Approvals are added, never changed or removed, and only where people decide.
GRANT SELECT, INSERT ON "request_approval" TO spaceport_web;

-- What somebody decided is found by them.
CREATE INDEX "request_decider_id_idx" ON "request"("decider_id");
