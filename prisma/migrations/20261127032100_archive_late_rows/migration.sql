-- A month is detached as it was counted: whatever was committed to it until the lock was there, keeps it in the trail.
DO $$
DECLARE
  name CONSTANT regprocedure := 'public.archive_trail_month(int, bigint, bigint, bigint, bytea, bytea, text)'::regprocedure;
  old CONSTANT text := E'  INSERT INTO public.audit_event (id, action';
  was text := pg_get_functiondef(name);
BEGIN
  IF strpos(was, old) = 0 THEN RAISE EXCEPTION '% is another than this changes', name; END IF;
  EXECUTE replace(was, old, $n$  EXECUTE format('SELECT max(number) FROM %s', blocks) INTO counted;
  IF counted IS DISTINCT FROM has.last OR EXISTS (SELECT FROM public.audit_unsealed u JOIN public.audit_event e ON e.seq = u.seq WHERE e.tableoid = events::regclass) THEN
    RAISE EXCEPTION 'rows were added to the month meanwhile' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
$n$ || old);
END
$$;
