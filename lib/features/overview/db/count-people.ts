import {
  type CredentialsOverview,
  expiringDays,
  type PeopleOverview,
  unusedDays,
} from '#lib/features/overview/model/overview.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { selectedSql } from '#lib/kernel/db/credentials/selected-credentials-sql.ts'
import { inStateSql } from '#lib/kernel/db/people/select-people.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { CredentialSelection } from '#lib/kernel/model/people/credential-query.ts'
import type { PersonState } from '#lib/kernel/model/people/people-query.ts'

/** @returns counts of people and active credentials at an instant, matching the filters of their lists */
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
