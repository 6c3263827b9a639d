import type pg from 'pg'

/**
 * Lets no event into the trail for which a condition on its row (`NEW`) holds, as if there were no room on the disk.
 * @param name unique: of the trigger and its function
 * @returns undoes it
 */
export async function keepFromTrail(owner: pg.Pool, name: string, when: string): Promise<() => Promise<void>> {
  await owner.query(`
    CREATE FUNCTION "${name}"() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER "${name}" BEFORE INSERT ON audit_event FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION "${name}"()`)
  return async () => {
    await owner.query(`DROP TRIGGER "${name}" ON audit_event; DROP FUNCTION "${name}"()`)
  }
}
