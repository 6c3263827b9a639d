-- Rights that the worker last found on a cluster and that Spaceport did not give, a sentence each.
ALTER TABLE "cluster" ADD COLUMN "rights_findings" JSONB NOT NULL DEFAULT '[]';
