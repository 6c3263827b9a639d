-- Months of the trail that are over are written to files and then leave the database, by a role of their own (ADR 43).
--   spaceport_archiver   an operator's login is a member: reads the trail, and archives a month by the functions below
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spaceport_archiver') THEN
    CREATE ROLE spaceport_archiver NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END
$$;
GRANT USAGE ON SCHEMA public TO spaceport_archiver;

-- What left: stays forever, and the chain goes on from it.
CREATE TABLE "audit_archive" (
    "month" INTEGER NOT NULL,
    "blocks" BIGINT NOT NULL,
    "rows" BIGINT NOT NULL,
    "first_block" BIGINT,
    "last_block" BIGINT,
    "head" BYTEA,
    "runs" JSONB NOT NULL,
    "sha256" BYTEA NOT NULL,
    "made_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "login" TEXT NOT NULL,

    CONSTRAINT "audit_archive_pkey" PRIMARY KEY ("month"),
    CONSTRAINT "audit_archive_whole" CHECK (octet_length("sha256") = 32 AND ("rows" = 0) = ("blocks" = 0)
      AND num_nulls("first_block", "last_block", "head") = CASE WHEN "blocks" = 0 THEN 3 ELSE 0 END)
);
CREATE TRIGGER "audit_archive_append_only" BEFORE UPDATE OR DELETE ON "audit_archive" FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER "audit_archive_no_truncate" BEFORE TRUNCATE ON "audit_archive" FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();

-- For how many months before the current one the trail stays in the database at least, and for how many days more what was
-- archived: one row, which only the owner of the tables changes. PCI DSS 4.0, 10.5.1: three months at hand.
CREATE TABLE "audit_retention" (
    "id" INTEGER NOT NULL,
    "months" INTEGER NOT NULL,
    "days" INTEGER NOT NULL,

    CONSTRAINT "audit_retention_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "audit_retention_bounds" CHECK ("id" = 1 AND "months" BETWEEN 1 AND 1200 AND "days" BETWEEN 0 AND 365)
);
INSERT INTO "audit_retention" VALUES (1, 3, 7);

-- The months that are in the trail, 0 for what is older than the chain, and how many months ago each one was.
CREATE FUNCTION trail_months() RETURNS TABLE ("month" int, "ago" int) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH attached AS (
    SELECT CASE WHEN c.relname = 'audit_event_before' THEN 0 ELSE substring(c.relname FROM '^audit_event_([0-9]{6})$')::int END AS month
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'public.audit_event'::regclass),
  counted AS (
    SELECT a.month, CASE WHEN a.month = 0 THEN (SELECT min(m.month / 100 * 12 + m.month % 100) FROM attached m WHERE m.month > 0) - 1
      ELSE a.month / 100 * 12 + a.month % 100 END AS counted FROM attached a)
  SELECT c.month, extract(year FROM now() AT TIME ZONE 'UTC')::int * 12 + extract(month FROM now() AT TIME ZONE 'UTC')::int - c.counted FROM counted c
$$;

-- Takes a month out of the trail, whose file the caller has written and verified: it goes to the trail and to audit_archive,
-- and the month's partitions are detached, all at once or not at all. Refuses the current month, those that the retention
-- keeps, one before which there is another, rows that no block has, and whatever doesn't add up to what the database has.
-- DETACH needs the whole trail for a moment. It asks for that again and again, never for longer than lock_timeout, so that
-- nobody who writes waits longer than that.
CREATE FUNCTION archive_trail_month(p_month int, p_rows bigint, p_first bigint, p_last bigint, p_head bytea, p_sha256 bytea, p_host text)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
  suffix text := CASE WHEN p_month = 0 THEN 'before' ELSE p_month::text END;
  events text := 'public.audit_event_' || suffix;
  blocks text := 'public.audit_block_' || suffix;
  kept record;
  found_ago int;
  earlier int;
  counted bigint;
  has record;
  runs jsonb;
  known bytea;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('spaceport trail archive'));
  IF p_host IS NULL OR p_host !~ '^[A-Za-z0-9._-]{1,253}$' THEN
    RAISE EXCEPTION 'not a host’s name' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT sha256 INTO known FROM public.audit_archive WHERE month = p_month;
  IF FOUND THEN
    IF known = p_sha256 THEN RETURN; END IF;
    RAISE EXCEPTION 'the month is archived, in another file: SHA-256 %', encode(known, 'hex') USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  SELECT m.ago INTO found_ago FROM public.trail_months() m WHERE m.month = p_month;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such month in the trail' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  SELECT * INTO STRICT kept FROM public.audit_retention;
  IF found_ago <= kept.months THEN
    RAISE EXCEPTION 'this month and the last % stay in the database', kept.months USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  SELECT m.month INTO earlier FROM public.trail_months() m WHERE m.month < p_month ORDER BY m.month LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a month before it is still in the trail: %', CASE WHEN earlier = 0 THEN 'before' ELSE earlier::text END
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;

  EXECUTE format('SELECT count(*) AS blocks, coalesce(sum(rows), 0)::bigint AS rows, min(number) AS first, max(number) AS last,
    (SELECT hash FROM %1$s ORDER BY number DESC LIMIT 1) AS head FROM %1$s', blocks) INTO has;
  EXECUTE format('SELECT count(*) FROM %s', events) INTO counted;
  IF counted <> has.rows OR EXISTS (SELECT FROM public.audit_unsealed u JOIN public.audit_event e ON e.seq = u.seq
      WHERE e.tableoid = events::regclass) THEN
    RAISE EXCEPTION 'the month has % rows, and its blocks have %', counted, has.rows USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  IF (p_rows, p_first, p_last, p_head) IS DISTINCT FROM (has.rows, has.first, has.last, has.head) OR octet_length(p_sha256) IS DISTINCT FROM 32 THEN
    RAISE EXCEPTION 'the file is not what the database has' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  IF has.last = (SELECT number FROM public.audit_block ORDER BY number DESC LIMIT 1) THEN
    RAISE EXCEPTION 'the newest block of the chain is in the month: it stays until there is a newer one' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  -- The stretches of the chain that the month has: one, and one more for each late row that was sealed among another month's.
  EXECUTE format('SELECT coalesce(jsonb_agg(jsonb_build_object(''first'', first, ''last'', last, ''previous'', previous, ''hash'', hash, ''rows'', rows) ORDER BY first), ''[]'') FROM (
    SELECT min(number) AS first, max(number) AS last, sum(rows) AS rows, (array_agg(encode(previous, ''hex'') ORDER BY number))[1] AS previous,
      (array_agg(encode(hash, ''hex'') ORDER BY number DESC))[1] AS hash
    FROM (SELECT b.*, number - row_number() OVER (ORDER BY number) AS run FROM %s b) b GROUP BY run) r', blocks) INTO runs;

  FOR attempt IN 1..200 LOOP
    BEGIN
      -- As whoever seals does it: first this, then the tables.
      PERFORM pg_advisory_xact_lock(hashtext('spaceport trail'));
      EXECUTE format('LOCK TABLE ONLY public.audit_event, ONLY public.audit_block, %s, %s IN ACCESS EXCLUSIVE MODE', events, blocks);
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      IF attempt = 200 THEN RAISE; END IF;
    END;
    PERFORM pg_sleep(0.1 + random() * 0.2);
  END LOOP;
  INSERT INTO public.audit_event (id, action, at, actor_kind, actor_name, target_kind, target_name, observer, destination, outcome, detail)
    VALUES (gen_random_uuid(), 'trail.archive', now(), 'system', 'command', 'trail', CASE WHEN p_month = 0 THEN 'before' ELSE overlay(p_month::text PLACING '-' FROM 5 FOR 0) END,
      'command/' || p_host, 'portal', 'ok', jsonb_build_object('rows', has.rows, 'blocks', has.blocks, 'firstBlock', has.first, 'lastBlock', has.last,
        'head', encode(has.head, 'hex'), 'sha256', encode(p_sha256, 'hex'), 'login', session_user));
  INSERT INTO public.audit_archive (month, blocks, rows, first_block, last_block, head, runs, sha256, login)
    VALUES (p_month, has.blocks, has.rows, has.first, has.last, has.head, runs, p_sha256, session_user);
  EXECUTE format('ALTER TABLE public.audit_event DETACH PARTITION %s', events);
  EXECUTE format('ALTER TABLE public.audit_block DETACH PARTITION %s', blocks);
END
$$;

-- Removes what was detached, once it has stayed as long as the retention says. Returns the months that it removed.
CREATE FUNCTION drop_archived_months() RETURNS SETOF int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
  gone int;
  suffix text;
BEGIN
  FOR gone IN SELECT a.month FROM public.audit_archive a, public.audit_retention r
      WHERE a.made_at <= clock_timestamp() - make_interval(days => r.days) ORDER BY a.month LOOP
    suffix := CASE WHEN gone = 0 THEN 'before' ELSE gone::text END;
    CONTINUE WHEN to_regclass('public.audit_event_' || suffix) IS NULL
      OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass('public.audit_event_' || suffix));
    EXECUTE format('DROP TABLE public.audit_event_%1$s, public.audit_block_%1$s', suffix);
    RETURN NEXT gone;
  END LOOP;
END
$$;

ALTER TABLE "audit_archive" OWNER TO spaceport_trail_owner;
ALTER TABLE "audit_retention" OWNER TO spaceport_trail_owner;
ALTER FUNCTION archive_trail_month(int, bigint, bigint, bigint, bytea, bytea, text) OWNER TO spaceport_trail_owner;
ALTER FUNCTION drop_archived_months() OWNER TO spaceport_trail_owner;
REVOKE EXECUTE ON FUNCTION archive_trail_month(int, bigint, bigint, bigint, bytea, bytea, text), drop_archived_months() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION archive_trail_month(int, bigint, bigint, bigint, bytea, bytea, text), drop_archived_months() TO spaceport_archiver;
GRANT SELECT ON "audit_event", "audit_block", "audit_checkpoint", "audit_key", "audit_unsealed" TO spaceport_archiver;
GRANT SELECT ON "audit_archive", "audit_retention" TO spaceport_archiver, spaceport_auditor, spaceport_web, spaceport_worker;
