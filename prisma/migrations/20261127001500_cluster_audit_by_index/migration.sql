-- Each row is looked up by an index, whatever the trail's statistics say: a plan that is kept from when the trail was small
-- would read all of it for each batch.
CREATE OR REPLACE FUNCTION take_cluster_audit(of_cluster uuid, given jsonb) RETURNS TABLE (taken integer, unmatched integer)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  named text := (SELECT c.name FROM public.cluster c WHERE c.id = of_cluster);
  -- A batch is sent again within minutes; a stream that began last month may end in this one.
  since bigint := to_char(clock_timestamp() AT TIME ZONE 'UTC' - interval '1 month', 'YYYYMM')::bigint * 1000000000000;
BEGIN
  IF named IS NULL THEN
    RAISE EXCEPTION 'there is no such cluster' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF jsonb_array_length(given) > 10000 THEN
    RAISE EXCEPTION 'too many rows at once' USING ERRCODE = 'program_limit_exceeded';
  END IF;
  -- Two batches of one cluster at once, or the same one twice, must not prove two requests by one intent.
  PERFORM pg_advisory_xact_lock(hashtextextended('cluster-audit/' || of_cluster, 0));
  RETURN QUERY
  WITH reported AS (
    SELECT DISTINCT ON (r.id) r.* FROM (
      SELECT encode(substring(sha256(convert_to('cluster audit 1;' || of_cluster || ';' || j.fingerprint, 'UTF8')) FOR 16), 'hex')::uuid AS id, j.*
      FROM jsonb_to_recordset(given) AS j(fingerprint text, route text, proof text, user_name text, action text, at timestamptz,
        actor_kind text, actor_id uuid, actor_handle text, actor_name text, target_kind text, target_id text, target_name text,
        space_id uuid, namespace text, source_address text, user_agent text, outcome public.audit_outcome, reason text,
        detail text, cluster_audit_id text)
      WHERE j.route IN ('gateway', 'spaceport', 'around') AND j.proof IN ('none', 'intent', 'impossible')
        AND j.actor_kind IN ('user', 'cluster') AND j.action ~ '^cluster\.[a-z-]+$' AND j.action NOT IN
          ('cluster.fences-lost', 'cluster.fences-restored', 'cluster.rights-changed')
        AND (j.actor_kind = 'cluster') = (j.actor_id IS NULL)
        AND (j.actor_id IS NULL OR EXISTS (SELECT FROM public.user_account u WHERE u.id = j.actor_id AND u.handle = j.actor_handle))
        AND j.fingerprint IS NOT NULL AND j.outcome IS NOT NULL AND j.cluster_audit_id IS NOT NULL
    ) r ORDER BY r.id, r.at
  ), fresh AS (
    SELECT r.*, row_number() OVER (PARTITION BY r.cluster_audit_id, r.route ORDER BY r.at, r.id) AS nth
    FROM reported r LEFT JOIN LATERAL (
      SELECT true AS found FROM public.audit_event e WHERE e.id = r.id AND e.seq >= since LIMIT 1
    ) known ON true
    WHERE known.found IS NULL
  ), proved AS (
    SELECT f.*, f.proof = 'impossible'
      OR (f.proof = 'intent' AND (f.nth > 1 OR intent.found IS NULL OR earlier.found IS NOT NULL)) AS alone
    FROM fresh f LEFT JOIN LATERAL (
      SELECT true AS found FROM public.audit_event i
      WHERE f.proof = 'intent' AND i.cluster_audit_id = f.cluster_audit_id AND i.intent_id IS NULL AND i.route IS NULL AND i.seq >= since
        AND i.observer LIKE 'gateway/%' AND i.destination = 'cluster/' || named AND i.actor_handle = f.actor_handle
        AND i.namespace IS NOT DISTINCT FROM f.namespace AND i.target_kind = f.target_kind
        AND (i.target_name IS NULL OR i.target_name IS NOT DISTINCT FROM f.target_name OR f.target_name IS NULL)
        AND (f.action = 'cluster.request' OR i.action = 'kubectl.' || substring(f.action FROM 9))
      LIMIT 1
    ) intent ON true LEFT JOIN LATERAL (
      SELECT true AS found FROM public.audit_event e
      WHERE f.proof = 'intent' AND e.cluster_audit_id = f.cluster_audit_id AND e.intent_id IS NULL AND e.route = 'gateway' AND e.seq >= since
        AND e.destination = 'cluster/' || named
      LIMIT 1
    ) earlier ON true
  ), added AS (
    INSERT INTO public.audit_event (id, route, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_id,
      target_name, space_id, namespace, observer, source_address, user_agent, destination, outcome, reason, detail, cluster_audit_id)
    SELECT p.id, CASE WHEN p.alone THEN 'around' ELSE p.route END, CASE WHEN p.alone THEN 'cluster.unmatched' ELSE p.action END,
      p.at, CASE WHEN p.alone THEN 'cluster' ELSE p.actor_kind END, CASE WHEN NOT p.alone THEN p.actor_id END,
      CASE WHEN NOT p.alone THEN p.actor_handle END, CASE WHEN p.alone THEN p.user_name ELSE p.actor_name END,
      p.target_kind, p.target_id, p.target_name, p.space_id, p.namespace, 'cluster/' || named, p.source_address, p.user_agent,
      'cluster/' || named, p.outcome, p.reason, p.detail::jsonb, p.cluster_audit_id
    FROM proved p ORDER BY p.at, p.id
    ON CONFLICT DO NOTHING
    RETURNING action
  )
  SELECT count(*)::integer, count(*) FILTER (WHERE added.action = 'cluster.unmatched')::integer FROM added;
END
$$;
