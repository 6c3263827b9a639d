-- Entries that wait in a GIN index's pending list are read one by one by every search, and many of them keep it from
-- being used at all. Spaces and people are written seldom: their entries go into the index right away.
ALTER INDEX "space_text_idx" SET (fastupdate = off);
ALTER INDEX "user_text_idx" SET (fastupdate = off);
SELECT gin_clean_pending_list('space_text_idx'), gin_clean_pending_list('user_text_idx');

-- A partial index's own statistics are not asked how many a search will find. Where many fit, they are read by name.
CREATE STATISTICS "space_text_statistics" ON ("name" || ' ' || "description") FROM "space";
