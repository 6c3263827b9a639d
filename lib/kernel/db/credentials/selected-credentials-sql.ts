import { Prisma } from '#lib/kernel/db/client.ts'
import type { CredentialSelection } from '#lib/kernel/model/people/credential-query.ts'
import { credentialUseJoin } from './credential-use-sql.ts'

const day = 24 * 3_600_000

/** Matches the active kubeconfig credentials `k` of a query at an instant. */
export function selectedSql(query: CredentialSelection, at: Date): Prisma.Sql {
  const { person, space, olderThan, unusedFor, endsWithin } = query
  const ago = (days: number) => new Date(at.getTime() - days * day)
  const conditions = [Prisma.sql`k.revoked_at IS NULL AND k.ends_at > ${at} AND k.session_id IS NULL`]
  if (person) conditions.push(Prisma.sql`k.user_id = (SELECT p.id FROM user_account p WHERE p.handle = ${person})`)
  if (space) conditions.push(Prisma.sql`k.space_id IN (SELECT b.id FROM space b WHERE b.name = ${space})`)
  if (olderThan) conditions.push(Prisma.sql`k.created_at <= ${ago(olderThan)}`)
  if (unusedFor)
    conditions.push(
      Prisma.sql`coalesce((SELECT n.last_used_at FROM (SELECT) one ${credentialUseJoin}), k.created_at) <= ${ago(unusedFor)}`,
    )
  if (endsWithin) conditions.push(Prisma.sql`k.ends_at <= ${ago(-endsWithin)}`)
  return Prisma.join(conditions, ' AND ')
}
