-- Batches of a cluster take turns by a row that only the trail's functions may lock (20261127022100): an advisory lock may be
-- held by any login, for ever.
DO $$
DECLARE
  was text := pg_get_functiondef('public.take_cluster_audit(uuid, jsonb)'::regprocedure);
  old text := 'PERFORM pg_advisory_xact_lock(hashtextextended(''cluster-audit/'' || of_cluster, 0));';
BEGIN
  IF strpos(was, old) = 0 THEN RAISE EXCEPTION 'take_cluster_audit is another than this changes'; END IF;
  EXECUTE replace(was, old, 'INSERT INTO public.audit_turn VALUES (''cluster-audit/'' || of_cluster) ON CONFLICT DO NOTHING;
  PERFORM FROM public.audit_turn WHERE name = ''cluster-audit/'' || of_cluster FOR UPDATE;
  -- For a client that hangs: whoever means harm can set it back.
  PERFORM set_config(''idle_in_transaction_session_timeout'', ''10s'', true);');
END
$$;

-- A token that somebody asked for (kubectl create token) is theirs, also if it is bound to a pod.
CREATE INDEX "audit_event_issued_idx" ON "audit_event"(("detail" ->> 'issued'))
  WHERE "intent_id" IS NULL AND "route" IS NOT NULL AND ("detail" ->> 'issued') IS NOT NULL;
