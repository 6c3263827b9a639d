import pg from 'pg'

/**
 * Processes create no temporary tables, but a stolen login could: behind a pooler, its table would shadow ours on a
 * shared connection. Only the database’s owner can revoke this right; for others it changes nothing.
 */
export async function forbidTemporaryTables(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ name: string }>('SELECT current_database() AS name')
  await owner.query(`REVOKE TEMPORARY ON DATABASE ${pg.escapeIdentifier(rows[0]?.name ?? '')} FROM PUBLIC`)
}

/** @returns who can still create them: PUBLIC, or logins of processes */
export async function selectTemporaryMakers(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  // A cut connection is reported by the next query.
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(makers)
    const names = rows.map(({ name }) => name)
    return names.includes('PUBLIC') ? ['PUBLIC'] : names
  } finally {
    await client.end()
  }
}

/** Leaves out the owner, a member of the roles it created but no process’s login. */
const makers = `
  SELECT 'PUBLIC' AS name FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
  WHERE datname = current_database() AND grantee = 0 AND privilege_type = 'TEMPORARY'
  UNION ALL
  SELECT login.rolname::text FROM pg_roles login
  WHERE rolcanlogin AND NOT rolsuper AND rolname <> current_user
    AND oid <> (SELECT datdba FROM pg_database WHERE datname = current_database())
    AND has_database_privilege(oid, current_database(), 'TEMPORARY')
    AND EXISTS (SELECT FROM pg_roles process
      WHERE process.rolname IN ('spaceport_web', 'spaceport_worker', 'spaceport_gateway')
        AND pg_has_role(login.oid, process.oid, 'MEMBER'))
  ORDER BY 1`
