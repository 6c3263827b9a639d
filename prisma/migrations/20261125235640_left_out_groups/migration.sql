-- What the identity provider sent among the groups and is no name of one: shown to the person.
ALTER TABLE "user_account" ADD COLUMN "left_out_groups" TEXT[] DEFAULT ARRAY[]::TEXT[];
