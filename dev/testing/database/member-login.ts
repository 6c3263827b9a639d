import { randomBytes } from 'node:crypto'
import { ownerSql } from './owner-sql.ts'

/**
 * Creates a login with only one of our roles, like an operator's or an auditor's.
 * @returns its connection URL to the same database, and a function that removes the login
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
