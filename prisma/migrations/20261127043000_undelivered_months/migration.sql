-- A month that a sink lacks is archived only if whoever archives says so, and then the record of it names the sink. One that no
-- worker has looked after for 30 days is switched off.
DO $$
DECLARE
  was text := pg_get_functiondef('public.archive_trail_month(int, bigint, bigint, bigint, bytea, bytea, text)'::regprocedure);
  change record;
BEGIN
  FOR change IN SELECT * FROM (VALUES
    ('p_host text)', 'p_host text, p_undelivered boolean)'),
    ($o$  known bytea;
BEGIN
$o$, $n$  known bytea;
  lacking text[];
BEGIN
  -- For a client that hangs: whoever means harm can set it back.
  PERFORM set_config('idle_in_transaction_session_timeout', '10s', true);
$n$),
    ('  -- The stretches of the chain that the month has:', $n$  SELECT array_agg(d.sink ORDER BY d.sink) INTO lacking FROM public.trail_delivery d
    WHERE d.block < has.last AND d.seen_at > clock_timestamp() - interval '30 days';
  IF lacking IS NOT NULL AND p_undelivered IS DISTINCT FROM true THEN
    RAISE EXCEPTION 'the month is not delivered yet: %', array_to_string(lacking, ', ') USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  -- The stretches of the chain that the month has:$n$),
    ($o$'login', session_user));$o$, $n$'login', session_user)
        || CASE WHEN lacking IS NULL THEN '{}' ELSE jsonb_build_object('undelivered', to_jsonb(lacking)) END);$n$)) AS c(old, new)
  LOOP
    IF strpos(was, change.old) = 0 THEN RAISE EXCEPTION 'archive_trail_month is another than this changes: %', change.old; END IF;
    was := replace(was, change.old, change.new);
  END LOOP;
  EXECUTE was;
END
$$;
DROP FUNCTION archive_trail_month(int, bigint, bigint, bigint, bytea, bytea, text);
ALTER FUNCTION archive_trail_month(int, bigint, bigint, bigint, bytea, bytea, text, boolean) OWNER TO spaceport_trail_owner;
REVOKE EXECUTE ON FUNCTION archive_trail_month(int, bigint, bigint, bigint, bytea, bytea, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION archive_trail_month(int, bigint, bigint, bigint, bytea, bytea, text, boolean) TO spaceport_archiver;
GRANT SELECT ("sink", "block", "seen_at") ON "trail_delivery" TO spaceport_trail_owner;
GRANT SELECT ("sink", "host", "block", "seen_at") ON "trail_delivery" TO spaceport_archiver;
