-- What spaces used of their quotas, one row for each space and ten minutes; a day old, one for each hour.
-- By time first: what is added lies at one end of the index, what is deleted at the other. No foreign key: it would lock
-- the row of every space every ten minutes. Rows are made of living spaces only, and are gone after a week.
CREATE TABLE "usage_sample" (
    "at" TIMESTAMPTZ(0) NOT NULL,
    "space_id" UUID NOT NULL,
    "used" REAL[],
    "hard" REAL[],

    CONSTRAINT "usage_sample_pkey" PRIMARY KEY ("at", "space_id"),
    CONSTRAINT "usage_sample_amounts" CHECK ("used" IS NOT NULL AND "hard" IS NOT NULL)
);

GRANT SELECT ON "usage_sample" TO spaceport_web;
GRANT SELECT, INSERT, DELETE ON "usage_sample" TO spaceport_worker;
