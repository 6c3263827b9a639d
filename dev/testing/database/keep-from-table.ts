import type pg from 'pg'

/**
 * Makes inserts fail, as on a full disk, where a condition on the row (`NEW`) is true.
 * @param name unique: of the trigger and its function
 * @returns undoes it
 */
export async function keepFromTable(
  owner: pg.Pool,
  table: string,
  name: string,
  when: string,
): Promise<() => Promise<void>> {
  await owner.query(`
    CREATE FUNCTION "${name}"() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER "${name}" BEFORE INSERT ON ${table} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION "${name}"()`)
  // Without the lock, dropping a trigger locks partitions before their table, and deadlocks with a writer.
  return async () => {
    await owner.query(
      `LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE; DROP TRIGGER "${name}" ON ${table}; DROP FUNCTION "${name}"()`,
    )
  }
}
