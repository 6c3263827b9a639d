import pg from 'pg'

/**
 * None of our processes makes any. Behind a pooler, one that a stolen login makes would take the place of our table on a
 * connection that it shares. Only the database’s owner may forbid it; from anybody else, it changes nothing.
 */
export async function forbidTemporaryTables(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ name: string }>('SELECT current_database() AS name')
  await owner.query(`REVOKE TEMPORARY ON DATABASE ${pg.escapeIdentifier(rows[0]?.name ?? '')} FROM PUBLIC`)
}

/** @returns who may still make them: PUBLIC, or those of the processes’ logins that were given the right by name */
export async function selectTemporaryMakers(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  // If it is cut, the next query fails and says so.
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

/** The owner is a member of the roles that it made, and no process’s login. */
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
