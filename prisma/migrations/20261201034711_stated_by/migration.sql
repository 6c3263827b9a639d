-- Which token last stated a pushed membership and last named a pushed group: neither counts for that token's makers. Null:
-- stated before this was kept. No foreign keys: tokens are never deleted, and a push would lock their rows.
-- brief: two empty columns are added, and their default is null
ALTER TABLE "scim_group_member" ADD COLUMN "stated_by_id" UUID;
-- "changed_by_id": the token of the last push. "paused_at": since when no membership of the group counts.
ALTER TABLE "scim_group" ADD COLUMN "named_by_id" UUID, ADD COLUMN "changed_by_id" UUID, ADD COLUMN "paused_at" TIMESTAMPTZ(3);

-- When a token was last used says whether pushed memberships still count.
GRANT SELECT ("last_used_at") ON "scim_token" TO spaceport_worker, spaceport_gateway;
GRANT SELECT ON "scim_token_maker" TO spaceport_web, spaceport_worker, spaceport_gateway;
-- The worker takes memberships off the clusters, and puts them back.
GRANT UPDATE ("paused_at") ON "scim_group" TO spaceport_worker;

-- Gateways learn which membership counts no longer, or again: by another name of the group, by another maker of a token.
CREATE FUNCTION notify_scim_group_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_access_change('user:' || maker.user_id)
    FROM (SELECT DISTINCT user_id FROM scim_token_maker WHERE OLD.named_by_id IS NULL OR token_id IN (OLD.named_by_id, NEW.named_by_id)) maker;
  RETURN NULL;
END
$$;
CREATE TRIGGER "scim_group_notify_named" AFTER UPDATE ON "scim_group" FOR EACH ROW
  WHEN (OLD.named_by_id IS DISTINCT FROM NEW.named_by_id) EXECUTE FUNCTION notify_scim_group_named();
CREATE TRIGGER "scim_token_maker_notify" AFTER INSERT OR UPDATE OR DELETE ON "scim_token_maker" FOR EACH ROW EXECUTE FUNCTION notify_user_group();

-- Once a day of use, gateways learn that pushed memberships count for longer. The payload concerns everybody.
CREATE FUNCTION notify_scim_token_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_access_change('provider:1');
  RETURN NULL;
END
$$;
CREATE TRIGGER "scim_token_notify_use" AFTER UPDATE OF "last_used_at" ON "scim_token" FOR EACH ROW
  WHEN (date_trunc('day', OLD.last_used_at) IS DISTINCT FROM date_trunc('day', NEW.last_used_at)) EXECUTE FUNCTION notify_scim_token_use();
