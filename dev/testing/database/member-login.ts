import { randomBytes } from 'node:crypto'
import { ownerSql } from './owner-sql.ts'

/**
 * Makes a login that is a member of one role of ours alone, as an operator's or an auditor's is.
 * @returns its connection URL to the same database, and what removes the login again
 */
export async function memberLogin(
  ownerDatabaseUrl: string,
  role: 'spaceport_archiver' | 'spaceport_auditor',
): Promise<{ url: string; remove: () => Promise<void> }> {
  const name = `${role}_${randomBytes(4).toString('hex')}`
  const password = randomBytes(16).toString('hex')
  await ownerSql(ownerDatabaseUrl, `CREATE ROLE ${name} LOGIN PASSWORD '${password}' IN ROLE ${role}`)
  return {
    url: Object.assign(new URL(ownerDatabaseUrl), { username: name, password }).href,
    async remove() {
      await ownerSql(ownerDatabaseUrl, `DROP ROLE ${name}`)
    },
  }
}
