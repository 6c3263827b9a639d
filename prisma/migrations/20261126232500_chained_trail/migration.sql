-- The trail proves itself: partitions by month, a chain of blocks over every row, signed checkpoints (ADR 39).
-- A role that no process is a member of owns the trail, so that what runs as its owner reaches nothing else.
--   spaceport_trail_owner   owns the trail's tables and the functions that run as their owner
--   spaceport_auditor       reads the trail, its blocks and checkpoints, and nothing else
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['spaceport_trail_owner', 'spaceport_auditor'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
  BEGIN
    IF NOT pg_has_role('spaceport_trail_owner', 'USAGE') THEN
      GRANT spaceport_trail_owner TO CURRENT_USER;
    END IF;
  EXCEPTION WHEN unique_violation THEN
    NULL;
  END;
END
$$;
-- Months' partitions are made while the installation runs.
GRANT USAGE, CREATE ON SCHEMA public TO spaceport_trail_owner;
GRANT USAGE ON SCHEMA public TO spaceport_auditor;

ALTER TABLE "audit_event" RENAME TO "audit_event_old";
ALTER SEQUENCE "audit_event_seq_seq" OWNED BY NONE;
ALTER TABLE "audit_event_old" ALTER COLUMN "seq" DROP DEFAULT;

-- A row's place in reading order begins with its month, e.g. 202611000000004711.
CREATE FUNCTION next_audit_seq() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMM')::bigint * 1000000000000
    + pg_catalog.nextval('public.audit_event_seq_seq'::regclass)
$$;

CREATE TABLE "audit_event" (
    "seq" BIGINT NOT NULL DEFAULT next_audit_seq(),
    "id" UUID NOT NULL,
    "intent_id" UUID,
    "action" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" UUID,
    "actor_handle" TEXT,
    "actor_name" TEXT,
    "target_kind" TEXT NOT NULL,
    "target_id" TEXT,
    "target_name" TEXT,
    "space_id" UUID,
    "namespace" TEXT,
    "observer" TEXT NOT NULL,
    "source_address" TEXT,
    "user_agent" TEXT,
    "destination" TEXT NOT NULL,
    "outcome" "audit_outcome",
    "reason" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "request_id" TEXT,
    "cluster_audit_id" TEXT,
    "recorded_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "salt" UUID DEFAULT gen_random_uuid(),
    "personal_hash" BYTEA,
    "route" TEXT,

    CONSTRAINT "audit_event_outcome_row" CHECK ("intent_id" IS NULL OR "outcome" IS NOT NULL),
    CONSTRAINT "audit_event_route" CHECK ("route" IN ('gateway', 'spaceport', 'around'))
) PARTITION BY RANGE ("seq");

-- What no block has yet.
CREATE TABLE "audit_unsealed" (
    "seq" BIGINT NOT NULL,
    CONSTRAINT "audit_unsealed_pkey" PRIMARY KEY ("seq")
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- A link of the chain: up to a thousand rows of one month. Month 0: rows from before there was a chain.
CREATE TABLE "audit_block" (
    "number" BIGINT NOT NULL,
    "month" INTEGER NOT NULL,
    "previous" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,
    "sealed_at" TIMESTAMPTZ(6) NOT NULL,
    "rows" INTEGER NOT NULL,
    "seqs" BIGINT[],
    "row_hashes" BYTEA NOT NULL,

    CONSTRAINT "audit_block_pkey" PRIMARY KEY ("number", "month"),
    CONSTRAINT "audit_block_whole" CHECK ("seqs" IS NOT NULL AND "rows" > 0 AND cardinality("seqs") = "rows"
      AND octet_length("row_hashes") = 32 * "rows" AND octet_length("previous") = 32 AND octet_length("hash") = 32)
) PARTITION BY RANGE ("month");

-- What the worker signed about the chain.
CREATE TABLE "audit_checkpoint" (
    "block" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,
    "rows" BIGINT NOT NULL,
    "made_at" TIMESTAMPTZ(6) NOT NULL,
    "key_id" TEXT NOT NULL,
    "statement" TEXT NOT NULL,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "audit_checkpoint_pkey" PRIMARY KEY ("block", "key_id")
);

-- The public keys of the checkpoints, for whoever has no better source of them.
CREATE TABLE "audit_key" (
    "key_id" TEXT NOT NULL,
    "public_key" TEXT NOT NULL,
    "first_used_at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "audit_key_pkey" PRIMARY KEY ("key_id")
);

-- Hashes: what is hashed and how is in lib/audit/chain, which computes the same from a row's texts.
CREATE FUNCTION trail_value(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(pg_catalog.octet_length(value) || ':' || value || ';', '-;')
$$;
CREATE FUNCTION trail_time(value timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.to_char(value AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
CREATE FUNCTION trail_personal_hash(e "audit_event") RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(e.personal_hash, pg_catalog.sha256(pg_catalog.convert_to('spaceport personal 1;' || coalesce(e.salt::text, '') || ';'
    || public.trail_value(e.actor_handle) || public.trail_value(e.actor_name) || public.trail_value(e.target_name)
    || public.trail_value(e.source_address) || public.trail_value(e.user_agent) || public.trail_value(e.detail::text), 'UTF8')))
$$;
CREATE FUNCTION trail_row_hash(e "audit_event") RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.sha256(pg_catalog.convert_to('spaceport row 1;'
    || public.trail_value(e.seq::text) || public.trail_value(e.id::text) || public.trail_value(e.intent_id::text)
    || public.trail_value(public.trail_time(e.recorded_at)) || public.trail_value(e.action) || public.trail_value(public.trail_time(e.at))
    || public.trail_value(e.actor_kind) || public.trail_value(e.actor_id::text) || public.trail_value(e.target_kind)
    || public.trail_value(e.target_id) || public.trail_value(e.space_id::text) || public.trail_value(e.namespace)
    || public.trail_value(e.observer) || public.trail_value(e.destination) || public.trail_value(e.outcome::text)
    || public.trail_value(e.reason) || public.trail_value(e.request_id) || public.trail_value(e.cluster_audit_id)
    || public.trail_value(e.route) || pg_catalog.encode(public.trail_personal_hash(e), 'hex'), 'UTF8'))
$$;

-- Where the outcome of an intent can't be any more: it comes after the intent, in its month or the next two. The outcomes
-- of rows from before the chain may be anywhere.
CREATE FUNCTION audit_outcome_before(seq bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN seq < 100000000000000 THEN 9223372036854775807
    ELSE (seq / 1000000000000 + CASE WHEN seq / 1000000000000 % 100 > 10 THEN 91 ELSE 3 END) * 1000000000000 END
$$;

-- Makes the partitions of this month and the next three. An id or an intent is unique within its month: a constraint over
-- all partitions would have to hold the month too.
CREATE FUNCTION make_trail_partitions() RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made int := 0;
  start timestamp;
  month int;
  following int;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('spaceport trail partitions'));
  FOR ahead IN 0..3 LOOP
    start := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead);
    month := to_char(start, 'YYYYMM')::int;
    following := to_char(start + interval '1 month', 'YYYYMM')::int;
    IF to_regclass('public.audit_event_' || month) IS NULL THEN
      EXECUTE format('CREATE TABLE public.audit_event_%s (LIKE public.audit_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', month);
      PERFORM public.prepare_trail_partition('audit_event_' || month);
      EXECUTE format('ALTER TABLE public.audit_event ATTACH PARTITION public.audit_event_%s FOR VALUES FROM (%s) TO (%s)',
        month, month * 1000000000000, following * 1000000000000);
      made := made + 1;
    END IF;
    IF to_regclass('public.audit_block_' || month) IS NULL THEN
      EXECUTE format('CREATE TABLE public.audit_block_%s (LIKE public.audit_block INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', month);
      EXECUTE format('CREATE TRIGGER audit_block_no_truncate BEFORE TRUNCATE ON public.audit_block_%s FOR EACH STATEMENT EXECUTE FUNCTION public.audit_event_is_append_only()', month);
      EXECUTE format('ALTER TABLE public.audit_block ATTACH PARTITION public.audit_block_%s FOR VALUES FROM (%s) TO (%s)', month, month, following);
    END IF;
  END LOOP;
  RETURN made;
END
$$;
-- What a partition has that it doesn't get from its table.
CREATE FUNCTION prepare_trail_partition(partition text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE UNIQUE INDEX %I ON public.%I (id)', partition || '_id_key', partition);
  EXECUTE format('CREATE UNIQUE INDEX %I ON public.%I (intent_id)', partition || '_intent_id_key', partition);
  EXECUTE format('CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION public.audit_event_is_append_only()', partition);
END
$$;

-- Rows of the time before stay together, in a partition that ends where this month begins.
DO $$
DECLARE
  month bigint := to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')::bigint;
BEGIN
  EXECUTE format('CREATE TABLE audit_event_before PARTITION OF audit_event FOR VALUES FROM (MINVALUE) TO (%s)', month * 1000000000000);
  EXECUTE format('CREATE TABLE audit_block_before PARTITION OF audit_block FOR VALUES FROM (MINVALUE) TO (%s)', month);
END
$$;
INSERT INTO "audit_event_before" ("seq", "id", "intent_id", "action", "at", "actor_kind", "actor_id", "actor_handle", "actor_name",
  "target_kind", "target_id", "target_name", "space_id", "namespace", "observer", "source_address", "user_agent", "destination",
  "outcome", "reason", "detail", "request_id", "cluster_audit_id", "recorded_at")
  SELECT "seq", "id", "intent_id", "action", "at", "actor_kind", "actor_id", "actor_handle", "actor_name",
    "target_kind", "target_id", "target_name", "space_id", "namespace", "observer", "source_address", "user_agent", "destination",
    "outcome", "reason", "detail", "request_id", "cluster_audit_id", "at" FROM "audit_event_old" ORDER BY "seq";
INSERT INTO "audit_unsealed" SELECT "seq" FROM "audit_event_old";
DROP INDEX "audit_event_text_idx";
DROP FUNCTION audit_event_text("audit_event_old");
DROP TABLE "audit_event_old";

ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_pkey" PRIMARY KEY ("seq");
SELECT prepare_trail_partition('audit_event_before');
CREATE TRIGGER "audit_block_no_truncate" BEFORE TRUNCATE ON "audit_block_before" FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();

-- Lists show actions of our own processes, and what happened around the gateway: not outcomes, which are found by their
-- intent, and not what a cluster reported of requests that came through the gateway or from Spaceport.
CREATE FUNCTION audit_event_text(action text, actor_handle text, actor_name text, target_name text, namespace text, reason text,
  source_address text, user_agent text, destination text, request_id text, cluster_audit_id text)
  RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT concat_ws(' ', action, actor_handle, actor_name, target_name, namespace, reason, source_address, user_agent, destination, request_id, cluster_audit_id)
$$;
CREATE INDEX "audit_event_text_idx" ON "audit_event" USING gin (audit_event_text("action", "actor_handle", "actor_name", "target_name",
  "namespace", "reason", "source_address", "user_agent", "destination", "request_id", "cluster_audit_id") gin_trgm_ops)
  WHERE "intent_id" IS NULL AND ("route" IS NULL OR "route" = 'around');
CREATE INDEX "audit_event_at_idx" ON "audit_event"("at") WHERE "intent_id" IS NULL AND ("route" IS NULL OR "route" = 'around');
CREATE INDEX "audit_event_space_id_seq_idx" ON "audit_event"("space_id", "seq") WHERE "intent_id" IS NULL AND ("route" IS NULL OR "route" = 'around');
CREATE INDEX "audit_event_action_seq_idx" ON "audit_event"("action", "seq") WHERE "intent_id" IS NULL AND ("route" IS NULL OR "route" = 'around');
CREATE INDEX "audit_event_sign_in_idx" ON "audit_event"("actor_id", "seq") WHERE "intent_id" IS NULL AND ("route" IS NULL OR "route" = 'around')
  AND "action" = 'session.sign-in';
CREATE INDEX "audit_event_made_idx" ON "audit_event"("actor_id", "seq") WHERE "intent_id" IS NULL AND ("route" IS NULL OR "route" = 'around')
  AND "action" IN ('kubectl.create', 'kubectl.update', 'kubectl.patch') AND "target_kind" IN ('serviceaccounts', 'roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io');
CREATE INDEX "audit_event_unmade_idx" ON "audit_event"("space_id", "target_kind", "target_name", "seq") WHERE "intent_id" IS NULL AND ("route" IS NULL OR "route" = 'around')
  AND "action" = 'kubectl.delete' AND "target_kind" IN ('serviceaccounts', 'roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io');

-- The trail is only ever added to, whoever asks, with one exception: what is personal in a row may be replaced once, when
-- the salt of its hash goes with it. The hash stays, so the row still is what was sealed.
CREATE OR REPLACE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  replaceable CONSTANT text[] := ARRAY['actor_handle', 'actor_name', 'target_name', 'source_address', 'user_agent', 'detail', 'salt', 'personal_hash'];
BEGIN
  IF TG_OP = 'UPDATE' AND TG_ARGV[0] = 'but for pseudonyms' THEN
    IF OLD.salt IS NOT NULL AND NEW.salt IS NULL AND to_jsonb(NEW) - replaceable = to_jsonb(OLD) - replaceable THEN
      NEW.personal_hash := public.trail_personal_hash(OLD);
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "audit_event_append_only" BEFORE UPDATE OR DELETE ON "audit_event" FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only('but for pseudonyms');
CREATE TRIGGER "audit_event_no_truncate" BEFORE TRUNCATE ON "audit_event" FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER "audit_block_append_only" BEFORE UPDATE OR DELETE ON "audit_block" FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER "audit_block_no_truncate" BEFORE TRUNCATE ON "audit_block" FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER "audit_checkpoint_append_only" BEFORE UPDATE OR DELETE ON "audit_checkpoint" FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER "audit_checkpoint_no_truncate" BEFORE TRUNCATE ON "audit_checkpoint" FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER "audit_key_append_only" BEFORE UPDATE OR DELETE ON "audit_key" FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER "audit_key_no_truncate" BEFORE TRUNCATE ON "audit_key" FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();

-- Whoever adds rows leaves their numbers for the next block: nobody waits for another's transaction.
CREATE FUNCTION note_unsealed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.audit_unsealed SELECT seq FROM added;
  RETURN NULL;
END
$$;
CREATE TRIGGER "audit_event_unsealed" AFTER INSERT ON "audit_event"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_unsealed();

-- Appends blocks of what was committed since, in the order of seq, and says so on channel spaceport_trail with each block's
-- number. A row that is no longer there leaves a hash of zeros. Returns how many rows it sealed: none while another seals.
CREATE FUNCTION seal_trail(max_rows int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sealed int := 0;
  last record;
  picked bigint[];
  of_month int;
  hashes bytea;
  linked bytea;
  count int;
  at timestamptz(6);
  hashed bytea;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('spaceport trail')) THEN
    RETURN 0;
  END IF;
  SELECT number, hash INTO last FROM public.audit_block ORDER BY number DESC LIMIT 1;
  IF NOT FOUND THEN
    -- Its months may all be archived.
    SELECT block AS number, hash INTO last FROM public.audit_checkpoint ORDER BY block DESC LIMIT 1;
  END IF;
  IF NOT FOUND THEN
    SELECT 0::bigint AS number, decode(repeat('00', 32), 'hex') AS hash INTO last;
  END IF;
  WHILE sealed < max_rows LOOP
    SELECT array_agg(seq ORDER BY seq) INTO picked FROM (
      SELECT seq, min(seq / 1000000000000) OVER () AS first, seq / 1000000000000 AS month
      FROM (SELECT seq FROM public.audit_unsealed ORDER BY seq LIMIT least(1000, max_rows - sealed)) waiting) waiting WHERE month = first;
    EXIT WHEN picked IS NULL;
    of_month := picked[1] / 1000000000000;
    DELETE FROM public.audit_unsealed WHERE seq = ANY (picked);
    SELECT string_agg(h, ''::bytea ORDER BY seq), string_agg(int8send(seq) || h, ''::bytea ORDER BY seq), count(*) INTO hashes, linked, count FROM (
      SELECT p.seq, coalesce(public.trail_row_hash(e), decode(repeat('00', 32), 'hex')) AS h
      FROM unnest(picked) AS p(seq) LEFT JOIN public.audit_event e
        ON e.seq = p.seq AND e.seq BETWEEN picked[1] AND picked[cardinality(picked)]) rows;
    at := clock_timestamp();
    hashed := sha256(convert_to('spaceport block 1;' || public.trail_value((last.number + 1)::text) || public.trail_value(of_month::text)
      || public.trail_value(encode(last.hash, 'hex')) || public.trail_value(public.trail_time(at)) || public.trail_value(count::text), 'UTF8') || linked);
    INSERT INTO public.audit_block (number, month, previous, hash, sealed_at, rows, seqs, row_hashes)
      VALUES (last.number + 1, of_month, last.hash, hashed, at, count, picked, hashes);
    SELECT last.number + 1 AS number, hashed AS hash INTO last;
    PERFORM pg_notify('spaceport_trail', last.number::text);
    sealed := sealed + count;
  END LOOP;
  RETURN sealed;
END
$$;

-- Everything of the trail belongs to the role that owns nothing else.
ALTER TABLE "audit_event" OWNER TO spaceport_trail_owner;
ALTER TABLE "audit_event_before" OWNER TO spaceport_trail_owner;
ALTER TABLE "audit_unsealed" OWNER TO spaceport_trail_owner;
ALTER TABLE "audit_block" OWNER TO spaceport_trail_owner;
ALTER TABLE "audit_block_before" OWNER TO spaceport_trail_owner;
ALTER TABLE "audit_checkpoint" OWNER TO spaceport_trail_owner;
ALTER TABLE "audit_key" OWNER TO spaceport_trail_owner;
ALTER SEQUENCE "audit_event_seq_seq" OWNER TO spaceport_trail_owner;
ALTER SEQUENCE "audit_event_seq_seq" OWNED BY "audit_event"."seq";
ALTER FUNCTION make_trail_partitions() OWNER TO spaceport_trail_owner;
ALTER FUNCTION prepare_trail_partition(text) OWNER TO spaceport_trail_owner;
ALTER FUNCTION note_unsealed() OWNER TO spaceport_trail_owner;
ALTER FUNCTION seal_trail(int) OWNER TO spaceport_trail_owner;
SELECT make_trail_partitions();

REVOKE EXECUTE ON FUNCTION make_trail_partitions(), prepare_trail_partition(text), note_unsealed(), seal_trail(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_trail_partitions(), seal_trail(int) TO spaceport_worker;

GRANT INSERT ("id", "intent_id", "action", "at", "actor_kind", "actor_id", "actor_handle", "actor_name", "target_kind",
  "target_id", "target_name", "space_id", "namespace", "observer", "source_address", "user_agent", "destination", "outcome",
  "reason", "detail", "request_id", "cluster_audit_id") ON "audit_event" TO spaceport_web, spaceport_worker, spaceport_gateway;
GRANT USAGE ON SEQUENCE "audit_event_seq_seq" TO spaceport_web, spaceport_worker, spaceport_gateway;
GRANT SELECT ON "audit_event", "audit_block", "audit_checkpoint", "audit_key", "audit_unsealed" TO spaceport_web, spaceport_worker, spaceport_auditor;
-- Whether a row stands whose insert was not answered.
GRANT SELECT ("id", "intent_id", "seq") ON "audit_event" TO spaceport_gateway;
GRANT INSERT ON "audit_checkpoint" TO spaceport_worker;
GRANT INSERT ("key_id", "public_key") ON "audit_key" TO spaceport_worker;
