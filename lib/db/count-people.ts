import type { CredentialSelection } from '#lib/domain/credential-query.ts'
import { type CredentialsOverview, expiringDays, type PeopleOverview, unusedDays } from '#lib/domain/overview.ts'
import type { PersonState } from '#lib/domain/people-query.ts'
import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'
import { inStateSql } from './select-people.ts'
import { selectedSql } from './selected-credentials-sql.ts'

/** @returns how many people and working credentials there are at an instant, by what their lists can be searched for */
export async function countPeople(
  pool: Pool,
  at: Date,
): Promise<{ people: PeopleOverview; credentials: CredentialsOverview }> {
  const people = (state: PersonState) => Prisma.sql`count(*) FILTER (WHERE ${inStateSql(state, at)})`
  const credentials = (query: CredentialSelection) => Prisma.sql`count(*) FILTER (WHERE ${selectedSql(query, at)})`
  const [row] = await runSql<{ people: PeopleOverview; credentials: CredentialsOverview }>(
    pool,
    Prisma.sql`
    SELECT (SELECT json_build_object('active', ${people('active')}, 'signedIn', ${people('signed-in-7')},
        'deactivated', ${people('deactivated')}, 'unproven', ${people('unproven')}) FROM user_account u) AS people,
      (SELECT json_build_object('active', count(*), 'expiring', ${credentials({ endsWithin: expiringDays })},
        'unused', ${credentials({ unusedFor: unusedDays })}) FROM credential k WHERE ${selectedSql({}, at)}) AS credentials`,
  )
  if (!row) throw new Error('a SELECT without FROM has one row')
  return row
}
