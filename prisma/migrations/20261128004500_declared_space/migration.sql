-- The object on the cluster that declares a space (ADR 59).
ALTER TABLE "space" ADD COLUMN "declared_namespace" TEXT, ADD COLUMN "declared_uid" TEXT, ADD COLUMN "declared_generation" INTEGER,
  ADD COLUMN "declared_done" TEXT[] DEFAULT ARRAY[]::TEXT[], ADD COLUMN "declared_members" BOOLEAN NOT NULL DEFAULT false;

-- The worker carries out what Git declares, by the use cases of people: it makes spaces and requests, and changes settings and
-- members of spaces that are declared. What it could never do with a space that nobody declares, it still can't.
GRANT INSERT ("id", "cluster_id", "name", "namespace", "creation", "description", "size", "owner_id", "ends_at", "request_id",
  "declared_namespace", "declared_uid", "declared_generation", "declared_done", "declared_members") ON "space" TO spaceport_worker;
GRANT UPDATE ("description", "size", "ends_at", "declared_namespace", "declared_uid", "declared_generation", "declared_done",
  "declared_members") ON "space" TO spaceport_worker;
GRANT INSERT ("id", "space_id", "user_id", "group", "group_issuer", "role", "starts_at", "ends_at", "created_by_id", "request_id",
  "created_at", "withheld_from", "awaits_start") ON "space_grant" TO spaceport_worker;
GRANT UPDATE ("role", "ends_at", "removed_by_id", "withheld_from") ON "space_grant" TO spaceport_worker;
GRANT INSERT ("id", "kind", "requester_id", "cluster_id", "space_id", "payload", "payload_hash", "reason", "state", "created_at",
  "expires_at") ON "request" TO spaceport_worker;
GRANT SELECT ON "request_approval" TO spaceport_worker;
GRANT EXECUTE ON FUNCTION hold_policy(BOOLEAN) TO spaceport_worker;

-- Whether the login is the worker's alone.
CREATE FUNCTION is_worker_alone() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT pg_has_role(current_user, 'spaceport_worker', 'MEMBER') AND NOT pg_has_role(current_user, 'spaceport_web', 'MEMBER')
$$;

CREATE FUNCTION keep_worker_to_declared_spaces() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT is_worker_alone() THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.declared_namespace IS NULL THEN
      RAISE insufficient_privilege USING MESSAGE = 'permission denied: the worker makes only spaces that are declared';
    END IF;
    RETURN NEW;
  END IF;
  -- It may let a space go, and never takes one.
  IF OLD.declared_namespace IS NULL OR NEW.declared_namespace <> OLD.declared_namespace THEN
    RAISE insufficient_privilege USING MESSAGE = 'permission denied: the worker changes only spaces that are declared';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "space_worker_insert" BEFORE INSERT ON "space" FOR EACH ROW EXECUTE FUNCTION keep_worker_to_declared_spaces();
CREATE TRIGGER "space_worker_update" BEFORE UPDATE OF "description", "size", "ends_at", "declared_namespace", "declared_uid",
  "declared_generation", "declared_done", "declared_members" ON "space" FOR EACH ROW EXECUTE FUNCTION keep_worker_to_declared_spaces();

CREATE FUNCTION keep_worker_to_declared_grants() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT is_worker_alone() THEN RETURN NEW; END IF;
  IF NEW.request_id IS NOT NULL OR NOT EXISTS (
    SELECT FROM public.space s WHERE s.id = NEW.space_id AND s.declared_namespace IS NOT NULL) THEN
    RAISE insufficient_privilege USING MESSAGE = 'permission denied: the worker gives roles only in spaces that are declared';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "space_grant_worker_insert" BEFORE INSERT ON "space_grant" FOR EACH ROW EXECUTE FUNCTION keep_worker_to_declared_grants();
CREATE TRIGGER "space_grant_worker_update" BEFORE UPDATE OF "role", "ends_at", "removed_by_id", "withheld_from" ON "space_grant"
  FOR EACH ROW EXECUTE FUNCTION keep_worker_to_declared_grants();

CREATE FUNCTION keep_worker_to_declared_requests() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT is_worker_alone() THEN RETURN NEW; END IF;
  IF NEW.state <> 'open' OR NEW.kind = 'role'
    OR (NEW.kind = 'space' AND (NEW.space_id IS NOT NULL OR NEW.payload->>'declaredIn' IS NULL))
    OR (NEW.kind <> 'space' AND NOT EXISTS (SELECT FROM public.space s
      WHERE s.id = NEW.space_id AND s.declared_namespace IS NOT NULL AND s.owner_id = NEW.requester_id)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'permission denied: the worker asks only for what is declared';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER "request_worker_insert" BEFORE INSERT ON "request" FOR EACH ROW EXECUTE FUNCTION keep_worker_to_declared_requests();
