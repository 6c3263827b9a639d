-- A group is a name at one identity provider: another provider's group of the same name is another group. Who is in a
-- group says which provider it is of (user_account.issuer); a grant to a group says it here, without slashes at the end.
ALTER TABLE "space_grant" ADD COLUMN "group_issuer" TEXT;

-- Where all people come from one provider, which is nearly everywhere, its groups are meant. Where they come from several,
-- since OIDC_ISSUER was changed, the provider is meant that was in use when the grant was given:
--   1. that of whoever gave it: they had signed in there
--   2. where that is not known, that of the most people of the group; of equally many, that of the last of them to sign in
--   3. where nobody is in the group, that of the newest person
-- By 1, a grant of before the change stays with the former provider's group, and that of the same name at the new one gets
-- nothing by it any more: whoever may add members gives it a role of its own. Grants are few that 2 and 3 can get wrong; the
-- members' list names a group's provider where it is not the configured one.
UPDATE "space_grant" g SET "group_issuer" = rtrim(coalesce(
    (SELECT giver."issuer" FROM "user_account" giver WHERE giver."id" = g."created_by_id"),
    (SELECT u."issuer" FROM "user_group" m JOIN "user_account" u ON u."id" = m."user_id" WHERE m."group" = g."group"
      GROUP BY u."issuer" ORDER BY count(*) DESC, max(u."last_sign_in_at") DESC, u."issuer" LIMIT 1),
    (SELECT u."issuer" FROM "user_account" u ORDER BY u."created_at" DESC, u."id" LIMIT 1)), '/')
  WHERE g."group" IS NOT NULL;

ALTER TABLE "space_grant" ADD CONSTRAINT "space_grant_group_has_issuer"
  CHECK (("group" IS NULL) = ("group_issuer" IS NULL) AND "group_issuer" <> '' AND "group_issuer" NOT LIKE '%/');

DROP INDEX "space_grant_group_idx";
CREATE INDEX "space_grant_group_group_issuer_idx" ON "space_grant" ("group", "group_issuer");
DROP INDEX "space_grant_group_key";
CREATE UNIQUE INDEX "space_grant_group_key" ON "space_grant" ("space_id", "group", "group_issuer") WHERE "removed_at" IS NULL AND "request_id" IS NULL;

-- How many people come from a provider, for the planner: nearly all from one.
CREATE STATISTICS "user_account_bare_issuer" ON (rtrim("issuer", '/')) FROM "user_account";

-- The gateway compares it.
GRANT SELECT ("issuer") ON "user_account" TO spaceport_gateway;
