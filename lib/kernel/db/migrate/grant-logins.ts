import pg from 'pg'
import { type ProcessName, roleOf } from '#lib/kernel/db/session-of-process.ts'

type LoginRow = { name: string; unusable: string | null }

/**
 * Grants each process's login the role from the migrations, all or none. Idempotent.
 * @param ownerUrl the schema's owner, who created the roles
 * @throws Error when a login doesn't exist, can't log in, or has more rights than its process may have
 */
export async function grantLogins(
  ownerUrl: string,
  logins: readonly { process: ProcessName; login: string }[],
): Promise<void> {
  if (logins.length === 0) return
  const client = new pg.Client({ connectionString: ownerUrl })
  // A cut connection is reported by the next query.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('BEGIN')
    for (const { process, login } of logins) {
      // The login may have this role and no other of Spaceport's rights.
      const role = roleOf(process)
      const { rows } = await client.query<LoginRow>(checkLogin, [login, role])
      const why = rows.length === 0 ? 'it does not exist' : rows[0]?.unusable
      if (why) throw new Error(`SPACEPORT_DATABASE_LOGINS: ${login} can’t be the login of ${process}: ${why}`)
      await client.query(`GRANT ${role} TO ${pg.escapeIdentifier(login)}`)
    }
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

/** Such a login would give a thief more rights than docs/stolen-identities.md describes. */
const checkLogin = `
  SELECT rolname AS name, CASE
    WHEN NOT rolcanlogin THEN 'it can’t log in'
    WHEN rolsuper THEN 'it is a superuser'
    WHEN rolcreaterole THEN 'it may create roles'
    WHEN oid = (SELECT datdba FROM pg_database WHERE datname = current_database()) THEN 'it owns the database'
    WHEN pg_has_role(oid, current_user, 'MEMBER') THEN 'it is a member of the owner'
    ELSE (
      SELECT 'it is a member of ' || min(other.rolname) FROM pg_roles other
      WHERE other.rolname LIKE 'spaceport\\_%' AND other.rolname <> $2 AND other.oid <> login.oid
        AND other.oid NOT IN (SELECT roleid FROM pg_auth_members WHERE member = (SELECT oid FROM pg_roles WHERE rolname = $2))
        AND pg_has_role(login.oid, other.oid, 'MEMBER')
    ) END AS unusable
  FROM pg_roles login WHERE rolname = $1`
