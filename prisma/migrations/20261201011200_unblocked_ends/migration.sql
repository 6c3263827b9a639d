-- No login keeps another's revocation waiting (ADR 69).

-- 1. Uses of credentials have a table of their own, so that the gateway needs no right to change, and so to lock, a
-- credential. No foreign key: it would lock the credential's row. credential.last_used_… are from earlier releases.
CREATE TABLE "credential_use" (
    "credential_id" UUID NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT,
    "client" TEXT,

    CONSTRAINT "credential_use_pkey" PRIMARY KEY ("credential_id")
);
GRANT SELECT ("id", "session_id") ON "credential" TO spaceport_gateway;
GRANT SELECT, INSERT, UPDATE ("last_used_at", "address", "client") ON "credential_use" TO spaceport_gateway;
GRANT SELECT ON "credential_use" TO spaceport_web;
GRANT SELECT ("credential_id", "last_used_at") ON "credential_use" TO spaceport_worker;
GRANT SELECT, DELETE ON "credential_use" TO spaceport_pseudonymiser;
-- survives: a gateway of the release before goes on; until it is replaced, it doesn’t note when credentials are used.
REVOKE UPDATE ("last_used_at", "last_used_address", "last_used_client") ON "credential" FROM spaceport_gateway;

-- The pages that list credentials show the use at once, as for a change of the credential.
CREATE FUNCTION notify_credential_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('spaceport_person', 'credentials:' || c.user_id) FROM credential c WHERE c.id = NEW.credential_id AND c.session_id IS NULL;
  RETURN NULL;
END
$$;
CREATE TRIGGER "credential_use_notify" AFTER INSERT OR UPDATE ON "credential_use" FOR EACH ROW EXECUTE FUNCTION notify_credential_use();

-- 2. Turns: tables that nobody may use and that only the functions below lock, instead of advisory locks, which any login
-- may hold. A lock of a table queues fairly and writes nothing.
--   spaceport_turn_owner   owns the turns and the functions that take them
--   spaceport_unblocker    owns end_blockers(), and may end sessions
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['spaceport_turn_owner', 'spaceport_unblocker'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
    BEGIN
      IF NOT pg_has_role(name, 'USAGE') THEN
        EXECUTE format('GRANT %I TO CURRENT_USER', name);
      END IF;
    EXCEPTION WHEN unique_violation THEN
      NULL;
    END;
  END LOOP;
END
$$;
CREATE SCHEMA "turn" AUTHORIZATION spaceport_turn_owner;
CREATE TABLE "turn"."policy" ();
CREATE TABLE "turn"."pushed_groups" ();
CREATE TABLE "turn"."unseen" ();
CREATE TABLE "turn"."provisioning_1" ();
CREATE TABLE "turn"."provisioning_2" ();
ALTER TABLE "turn"."policy" OWNER TO spaceport_turn_owner;
ALTER TABLE "turn"."pushed_groups" OWNER TO spaceport_turn_owner;
ALTER TABLE "turn"."unseen" OWNER TO spaceport_turn_owner;
ALTER TABLE "turn"."provisioning_1" OWNER TO spaceport_turn_owner;
ALTER TABLE "turn"."provisioning_2" OWNER TO spaceport_turn_owner;

GRANT USAGE, CREATE ON SCHEMA public TO spaceport_turn_owner, spaceport_unblocker;
GRANT SELECT ON "policy_version" TO spaceport_turn_owner;
GRANT SELECT ("id", "slot") ON "scim_token" TO spaceport_turn_owner;

-- Many share a turn, or one has it alone.
CREATE FUNCTION take_turn(turn text, alone boolean) RETURNS void LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('LOCK TABLE turn.%I IN %s MODE', turn, CASE WHEN alone THEN 'EXCLUSIVE' ELSE 'ROW SHARE' END);
END
$$;
REVOKE EXECUTE ON FUNCTION take_turn(text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_turn(text, boolean) TO spaceport_turn_owner;

-- The newest version of the policy, as before. Only web adds versions, and so only web has the turn alone.
CREATE OR REPLACE FUNCTION hold_policy(alone BOOLEAN) RETURNS TABLE ("number" INTEGER, "rules" TEXT)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF alone AND NOT pg_has_role(session_user, 'spaceport_web', 'USAGE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'permission denied to keep others from deciding by the policy';
  END IF;
  PERFORM public.take_turn('policy', alone);
  RETURN QUERY SELECT p."number", p."rules"::text FROM public.policy_version p ORDER BY p."number" DESC LIMIT 1;
END
$$;

-- Which groups are pushed: sign-ins share it, a push has it alone.
CREATE FUNCTION hold_pushed_groups(alone boolean) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT public.take_turn('pushed_groups', hold_pushed_groups.alone) $$;

-- Workers deactivate people whom nobody has seen one after the other.
CREATE FUNCTION hold_unseen() RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT public.take_turn('unseen', true) $$;

-- The changes of one provisioning token come one after the other, whichever web process gets them.
CREATE FUNCTION hold_provisioning(token uuid) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT public.take_turn('provisioning_' || (2 - t.slot % 2), true) FROM public.scim_token t WHERE t.id = hold_provisioning.token $$;

-- As in 20261126193706_unseen, with the new turn and the new table.
CREATE OR REPLACE FUNCTION may_deactivate_unseen(person UUID) RETURNS BOOLEAN
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM hold_unseen();
  RETURN EXISTS (SELECT FROM user_account u
    WHERE u.id = person AND u.deactivated_at IS NULL AND u.last_sign_in_at <= now() - interval '30 days'
      AND NOT EXISTS (SELECT FROM session x WHERE x.user_id = u.id AND x.last_seen_at > now() - interval '30 days')
      AND NOT EXISTS (SELECT FROM credential k LEFT JOIN credential_use n ON n.credential_id = k.id
        WHERE k.user_id = u.id AND greatest(k.last_used_at, n.last_used_at) > now() - interval '30 days')
      AND (u.platform_role <> 'admin' OR EXISTS (
        SELECT FROM user_account o WHERE o.platform_role = 'admin' AND o.deactivated_at IS NULL AND o.id <> u.id
          AND rtrim(o.issuer, '/') = rtrim(u.issuer, '/'))));
END
$$;

-- 3. Ends the sessions of processes' logins that keep a revocation waiting:
--   those that session `waiting`, of the caller's own login, waits for, also through others: the ones that hold something and
--   wait for nothing. Sessions of the caller's own login only if `own` says so, and none that is in `honest`, or whose
--   transaction began after that was said: the caller knows what it does itself;
--   those that keep any session of the caller's login waiting by a lock of a whole table that no process takes.
-- Never the owner's.
CREATE FUNCTION end_blockers(waiting int, own boolean, honest int[]) RETURNS TABLE ("ended" int, "refused" int)
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me oid := (SELECT oid FROM pg_roles WHERE rolname = session_user);
  owner oid := (SELECT relowner FROM pg_class WHERE oid = 'public.credential'::regclass);
  blocker int;
BEGIN
  ended := 0;
  refused := 0;
  FOR blocker IN
    WITH RECURSIVE mine AS (
      SELECT DISTINCT l.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE NOT l.granted AND a.usesysid = me),
    chain(pid) AS (
      SELECT unnest(pg_blocking_pids(m.pid)) FROM mine m WHERE m.pid = waiting
      UNION SELECT unnest(pg_blocking_pids(c.pid)) FROM chain c),
    roots AS (
      SELECT a.pid FROM chain c JOIN pg_stat_activity a ON a.pid = c.pid
      WHERE cardinality(pg_blocking_pids(c.pid)) = 0 AND (a.usesysid <> me
        OR own AND a.pid <> ALL (honest) AND coalesce(a.xact_start, '-infinity') <= clock_timestamp() - interval '100 milliseconds')
      UNION SELECT l.pid FROM pg_locks l JOIN pg_class t ON t.oid = l.relation AND t.relnamespace = 'public'::regnamespace
      WHERE l.granted AND l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        AND EXISTS (SELECT FROM mine m WHERE l.pid = ANY (pg_blocking_pids(m.pid))))
    SELECT r.pid FROM roots r JOIN pg_stat_activity a ON a.pid = r.pid WHERE NOT pg_has_role(a.usesysid, owner, 'MEMBER')
  LOOP
    BEGIN
      IF pg_terminate_backend(blocker) THEN ended := ended + 1; END IF;
    EXCEPTION WHEN insufficient_privilege THEN
      refused := refused + 1;
    END;
  END LOOP;
  RETURN NEXT;
END
$$;

-- Before Postgres 16 whoever may create roles may grant this; since then the administrator does (docs/install.md).
DO $$
BEGIN
  IF NOT pg_has_role('spaceport_unblocker', 'pg_signal_backend', 'MEMBER') THEN
    GRANT pg_signal_backend TO spaceport_unblocker;
  END IF;
EXCEPTION WHEN insufficient_privilege OR unique_violation THEN
  NULL;
END
$$;

REVOKE EXECUTE ON FUNCTION hold_policy(boolean), hold_pushed_groups(boolean), hold_unseen(), hold_provisioning(uuid), end_blockers(int, boolean, int[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_policy(boolean) TO spaceport_web, spaceport_worker;
GRANT EXECUTE ON FUNCTION hold_pushed_groups(boolean), hold_provisioning(uuid) TO spaceport_web;
GRANT EXECUTE ON FUNCTION hold_unseen() TO spaceport_worker;
GRANT EXECUTE ON FUNCTION end_blockers(int, boolean, int[]) TO spaceport_web;
ALTER FUNCTION hold_policy(boolean) OWNER TO spaceport_turn_owner;
ALTER FUNCTION hold_pushed_groups(boolean) OWNER TO spaceport_turn_owner;
ALTER FUNCTION hold_unseen() OWNER TO spaceport_turn_owner;
ALTER FUNCTION hold_provisioning(uuid) OWNER TO spaceport_turn_owner;
ALTER FUNCTION end_blockers(int, boolean, int[]) OWNER TO spaceport_unblocker;
REVOKE CREATE ON SCHEMA public FROM spaceport_turn_owner, spaceport_unblocker;

-- 4. What is noted of a person's credentials goes with a pseudonym.
DO $$
DECLARE
  old text := $o$(14, 'saved_filter', 'person_id = $1'))$o$;
  new text := $n$(14, 'saved_filter', 'person_id = $1'),
      (15, 'credential_use', 'credential_id IN (SELECT k.id FROM credential k WHERE k.user_id = $1)'))$n$;
  was text := pg_get_functiondef('public.remove_own_rows(text, boolean)'::regprocedure);
BEGIN
  IF strpos(was, old) = 0 THEN RAISE EXCEPTION 'remove_own_rows is another than this changes'; END IF;
  GRANT CREATE ON SCHEMA public TO spaceport_pseudonymiser;
  EXECUTE replace(was, old, new);
  REVOKE CREATE ON SCHEMA public FROM spaceport_pseudonymiser;
END
$$;
