-- The clusters' own audit comes in: tokens of their webhooks, what they report, who is seen past the gateway, and when a
-- cluster's audit last arrived.
CREATE TABLE "cluster_audit_token" (
    "id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "cluster_audit_token_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "cluster_audit_token_token_hash_key" ON "cluster_audit_token"("token_hash");
CREATE INDEX "cluster_audit_token_cluster_id_idx" ON "cluster_audit_token"("cluster_id");
ALTER TABLE "cluster_audit_token" ADD CONSTRAINT "cluster_audit_token_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A table of its own: it changes often, and an update of "cluster" notifies the gateways.
CREATE TABLE "cluster_audit_intake" (
    "cluster_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "event_at" TIMESTAMPTZ(3),

    CONSTRAINT "cluster_audit_intake_pkey" PRIMARY KEY ("cluster_id")
);
ALTER TABLE "cluster_audit_intake" ADD CONSTRAINT "cluster_audit_intake_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "cluster_sighting" (
    "space_id" UUID NOT NULL,
    "user_name" TEXT NOT NULL,
    "credential" TEXT NOT NULL,
    "credential_id" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_address" TEXT NOT NULL,
    "last_request" TEXT NOT NULL,

    CONSTRAINT "cluster_sighting_pkey" PRIMARY KEY ("space_id", "user_name", "credential", "credential_id")
);
CREATE INDEX "cluster_sighting_space_id_last_seen_at_idx" ON "cluster_sighting"("space_id", "last_seen_at");
CREATE INDEX "cluster_sighting_last_seen_at_idx" ON "cluster_sighting"("last_seen_at");
ALTER TABLE "cluster_sighting" ADD CONSTRAINT "cluster_sighting_space_id_fkey" FOREIGN KEY ("space_id") REFERENCES "space"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "cluster_sighting" ADD CONSTRAINT "cluster_sighting_credential" CHECK ("credential" IN ('certificate', 'token', 'pod', 'other'));

-- Tokens are made by the operator's command, which acts as the owner; the worker only compares hashes.
GRANT SELECT ON "cluster_audit_token" TO spaceport_worker;
GRANT SELECT, INSERT, UPDATE ON "cluster_audit_intake" TO spaceport_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON "cluster_sighting" TO spaceport_worker;
GRANT SELECT ON "cluster_audit_intake", "cluster_sighting" TO spaceport_web;

-- From a request at the API server to the gateway's intent, and back.
CREATE INDEX "audit_event_cluster_audit_id_idx" ON "audit_event"("cluster_audit_id") WHERE "intent_id" IS NULL AND "cluster_audit_id" IS NOT NULL;

-- Adds what a cluster's audit reports. Nothing else sets "route"; and whoever may only call this can't pass a row for one
-- of a process of ours: it always has a route, names the cluster as its observer, is no outcome of any intent, and its id
-- follows from what was reported. Seq, time and hash are the database's, as of every row.
-- A request with the gateway's identity that changes something is proved by the gateway's intent: one intent, committed
-- before the request was sent, proves one request of the same person in the same place. One without is somebody else who
-- has the gateway's token.
CREATE FUNCTION take_cluster_audit(of_cluster uuid, given jsonb) RETURNS TABLE (taken integer, unmatched integer)
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
    FROM reported r
    WHERE NOT EXISTS (SELECT FROM public.audit_event e WHERE e.id = r.id AND e.seq >= since)
  ), proved AS (
    SELECT f.*, f.proof <> 'none' AND (f.proof = 'impossible' OR f.nth > 1 OR NOT EXISTS (
      SELECT FROM public.audit_event i
      WHERE i.cluster_audit_id = f.cluster_audit_id AND i.intent_id IS NULL AND i.route IS NULL AND i.seq >= since
        AND i.observer LIKE 'gateway/%' AND i.destination = 'cluster/' || named AND i.actor_handle = f.actor_handle
        AND i.namespace IS NOT DISTINCT FROM f.namespace AND i.target_kind = f.target_kind
        AND (i.target_name IS NULL OR i.target_name IS NOT DISTINCT FROM f.target_name OR f.target_name IS NULL)
        AND (f.action = 'cluster.request' OR i.action = 'kubectl.' || substring(f.action FROM 9))
    ) OR EXISTS (
      SELECT FROM public.audit_event e
      WHERE e.cluster_audit_id = f.cluster_audit_id AND e.intent_id IS NULL AND e.route = 'gateway' AND e.seq >= since
        AND e.destination = 'cluster/' || named
    )) AS alone
    FROM fresh f
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
ALTER FUNCTION take_cluster_audit(uuid, jsonb) OWNER TO spaceport_trail_owner;
GRANT SELECT ("id", "name") ON "cluster" TO spaceport_trail_owner;
GRANT SELECT ("id", "handle") ON "user_account" TO spaceport_trail_owner;
REVOKE EXECUTE ON FUNCTION take_cluster_audit(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_cluster_audit(uuid, jsonb) TO spaceport_worker;
