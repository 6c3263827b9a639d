import pg from 'pg'

/** Owns the function that ends blocking sessions (lib/kernel/db/end-blockers.ts). */
export const unblockerRole = 'spaceport_unblocker'

/**
 * Since Postgres 16, only the administrator can give this role the right to end sessions, before or after the first
 * migration.
 * @param ownerUrl the schema's owner
 * @returns the statement to run; null: none is missing
 */
export async function lackingUnblocker(ownerUrl: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ lacking: boolean }>(lackingSql, [unblockerRole])
    return rows[0]?.lacking ? `GRANT pg_signal_backend TO ${unblockerRole};` : null
  } finally {
    await client.end()
  }
}

/** Membership in the logins themselves is enough too. */
const lackingSql = `
  SELECT NOT pg_has_role($1, 'pg_signal_backend', 'USAGE') AND (
    NOT EXISTS (SELECT FROM pg_roles l WHERE l.rolcanlogin AND pg_has_role(l.oid, 'spaceport_worker', 'MEMBER') AND pg_has_role($1, l.oid, 'USAGE'))
    OR EXISTS (SELECT FROM pg_roles l WHERE l.rolcanlogin AND NOT l.rolsuper AND NOT pg_has_role(l.oid, current_user, 'MEMBER')
      AND (pg_has_role(l.oid, 'spaceport_web', 'MEMBER') OR pg_has_role(l.oid, 'spaceport_worker', 'MEMBER')) AND NOT pg_has_role($1, l.oid, 'USAGE'))
  ) AS lacking`
