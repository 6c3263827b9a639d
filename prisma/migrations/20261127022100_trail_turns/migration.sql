-- Whose turn it is: rows that only the trail's own functions may lock. An advisory lock may be held by any login, for ever.
CREATE TABLE "audit_turn" ("name" TEXT NOT NULL, CONSTRAINT "audit_turn_pkey" PRIMARY KEY ("name"));
INSERT INTO "audit_turn" VALUES ('seal'), ('partitions'), ('archive'), ('words');
ALTER TABLE "audit_turn" OWNER TO spaceport_trail_owner;

-- The functions stay as they are, but for how they wait for each other, and where a chain without blocks goes on.
DO $$
DECLARE
  change record;
  was text;
BEGIN
  FOR change IN SELECT * FROM (VALUES
    ('seal_trail(int)', $o$  IF NOT pg_try_advisory_xact_lock(hashtext('spaceport trail')) THEN
    RETURN 0;
  END IF;$o$, $n$  -- In an older snapshot the end of the chain is another.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the trail is sealed in a transaction that is read committed' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  IF NOT EXISTS (SELECT FROM public.audit_unsealed) THEN RETURN 0; END IF;
  PERFORM FROM public.audit_turn WHERE name = 'seal' FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;$n$),
    ('seal_trail(int)', 'SELECT block AS number, hash INTO last FROM public.audit_checkpoint ORDER BY block DESC LIMIT 1',
      'SELECT last_block AS number, head AS hash INTO last FROM public.audit_archive WHERE last_block IS NOT NULL ORDER BY last_block DESC LIMIT 1'),
    ('make_trail_partitions()', 'PERFORM pg_advisory_xact_lock(hashtext(''spaceport trail partitions''))', 'PERFORM FROM public.audit_turn WHERE name = ''partitions'' FOR UPDATE'),
    ('archive_trail_month(int, bigint, bigint, bigint, bytea, bytea, text)', 'PERFORM pg_advisory_xact_lock(hashtext(''spaceport trail archive''))', 'PERFORM FROM public.audit_turn WHERE name = ''archive'' FOR UPDATE'),
    ('archive_trail_month(int, bigint, bigint, bigint, bytea, bytea, text)', 'PERFORM pg_advisory_xact_lock(hashtext(''spaceport trail''))', 'PERFORM FROM public.audit_turn WHERE name = ''seal'' FOR UPDATE'),
    ('index_trail(int)', $o$  IF NOT pg_try_advisory_xact_lock(hashtext('spaceport trail words')) THEN
    RETURN 0;
  END IF;$o$, $n$  PERFORM FROM public.audit_turn WHERE name = 'words' FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN 0; END IF;$n$)) AS c(name, old, new)
  LOOP
    was := pg_get_functiondef(('public.' || change.name)::regprocedure);
    IF strpos(was, change.old) = 0 THEN RAISE EXCEPTION '% is another than this changes', change.name; END IF;
    EXECUTE replace(was, change.old, change.new);
  END LOOP;
END
$$;

-- What our writers keep within (lib/audit/audit-row.ts), for logins that write without them: a time that can be written
-- with four digits, and texts that can be hashed, archived and verified.
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_time" CHECK ("at" >= '1970-01-01Z' AND "at" < '9999-01-01Z') NOT VALID;
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_size" CHECK (octet_length("detail"::text) <= 65536
  AND octet_length(concat("action", "actor_kind", "actor_handle", "actor_name", "target_kind", "target_id", "target_name", "namespace", "observer",
    "source_address", "user_agent", "destination", "reason", "request_id", "cluster_audit_id")) <= 65536) NOT VALID;
