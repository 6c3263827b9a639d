-- A review that opens late ends as much later.
GRANT UPDATE ("due_at") ON "review" TO spaceport_worker;

-- What a closed review says stays as its report has it, whoever has which login.
CREATE FUNCTION refuse_closed_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM touched t JOIN review v ON v.id = t.review_id WHERE v.state = 'closed') THEN
    RAISE EXCEPTION 'the review is closed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "review_line_closed_insert" AFTER INSERT ON "review_line"
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_review();
CREATE TRIGGER "review_line_closed_update" AFTER UPDATE ON "review_line"
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_review();
CREATE TRIGGER "review_report_closed_insert" AFTER INSERT ON "review_report"
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_review();
