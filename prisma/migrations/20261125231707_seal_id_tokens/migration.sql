-- ID tokens are sealed before they are stored. Those that were stored in clear go; a sign-out without one is asked for by
-- the provider.
UPDATE "session" SET "id_token" = NULL;
