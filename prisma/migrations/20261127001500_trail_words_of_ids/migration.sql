-- Short words are no ids: they don't find what merely has the mark of one.
CREATE OR REPLACE FUNCTION trail_words_query(terms text[]) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT string_agg(CASE WHEN length(term) < 16 THEN format('''%s'':*', word) ELSE format('(''%s'':* | ''%s'')', word, public.trail_mark(term)) END, ' & ')::tsquery
  FROM unnest(terms) term, LATERAL (SELECT replace(replace(left(lower(term), 64), '\', '\\'), '''', '''''') AS word) escaped
$$;

-- Actions and outcomes that are frequent, but rarely meet, have a mark for where they do.
-- Every word as it is and from each of its parts on ("web-dev" is found by "web", "web-d" and "dev"; an address or a version
-- only from its beginning), and marks for the other filters. Longer words are found by their first 64 letters: the row
-- itself is compared with the whole.
CREATE OR REPLACE FUNCTION index_trail_chunk(wanted bigint) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  -- With constants, the planner leaves all other months out.
  first CONSTANT bigint := wanted * 1000;
  until CONSTANT bigint := (wanted + 1) * 1000;
  outcomes_until CONSTANT bigint := public.audit_outcome_before((wanted + 1) * 1000);
  punctuation CONSTANT text := '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~';
BEGIN
  WITH part AS MATERIALIZED (
    SELECT * FROM public.audit_event WHERE seq >= first AND seq < until
  ), shown AS MATERIALIZED (
    SELECT e.at, lower(e.action) AS action, e.actor_id, e.space_id, e.target_kind, e.target_id, e.route, e.detail->>'credential' AS credential, e.request_id,
      coalesce(o.cluster_audit_id, l.cluster_audit_id, e.cluster_audit_id) AS audit_id, coalesce(o.outcome, l.outcome, e.outcome)::text AS outcome,
      concat_ws(' ', public.trail_text(e.action, e.actor_handle, e.actor_name, e.target_kind, e.target_name, e.namespace, e.reason, e.source_address,
        e.user_agent, e.destination), lower(coalesce(o.reason, l.reason)), lower(coalesce(o.target_name, l.target_name))) AS text
    FROM part e LEFT JOIN part o ON o.intent_id = e.id LEFT JOIN LATERAL (
      SELECT * FROM public.audit_event l WHERE e.outcome IS NULL AND o.id IS NULL AND l.intent_id = e.id AND l.seq >= until AND l.seq < outcomes_until
      LIMIT 1) l ON true
    WHERE e.intent_id IS NULL AND (e.route IS NULL OR e.route = 'around')
  ), piece AS MATERIALIZED (
    SELECT DISTINCT piece FROM shown, string_to_table(text, ' ') piece WHERE piece <> ''
  ), word AS (
    SELECT left(piece, 64) AS word FROM piece
    UNION SELECT left(substr(piece, place::int), 64) FROM piece, LATERAL (
      SELECT part, 1 + sum(length(part) + 1) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS place
      FROM string_to_table(translate(piece, punctuation, repeat(' ', 32)), ' ') WITH ORDINALITY p(part, n)) begun
      WHERE translate(piece, punctuation, '') <> piece AND place > 1 AND part <> '' AND (part !~ '^[0-9]' OR substr(piece, place::int - 1, 1) <> '.')
    UNION SELECT mark FROM shown, unnest(ARRAY[
      '@' || right(actor_id::text, 12),
      '!' || right(space_id::text, 12),
      '&' || CASE WHEN target_kind = 'person' THEN right(target_id, 12) END,
      '%' || right(CASE WHEN target_kind = 'credential' THEN target_id END, 12),
      '%' || right(credential, 12),
      '?' || coalesce(outcome, 'unknown'),
      left('?' || coalesce(outcome, 'unknown') || '=' || action, 64),
      '~' || route,
      public.trail_mark(request_id),
      public.trail_mark(audit_id)]) mark WHERE mark IS NOT NULL
  )
  INSERT INTO public.audit_words (chunk, first_at, last_at, words)
  SELECT wanted, (SELECT min(at) FROM shown), (SELECT max(at) FROM shown),
    CASE WHEN sum(octet_length(word)) < 400000 THEN array_to_tsvector(array_agg(word)) END
  FROM word HAVING count(*) > 0
  ON CONFLICT (chunk) DO UPDATE SET first_at = excluded.first_at, last_at = excluded.last_at, words = excluded.words;
END
$$;

DELETE FROM "audit_words";
UPDATE "audit_words_state" SET "next_seq" = 0;
