import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { isCountedMemberSql } from './group-member-sql.ts'

/**
 * Selects the groups of a sign-in that count for a platform role. A listed group that is pushed counts only for its
 * pushed members. Keeps groups from being pushed or released until the transaction ends.
 * @param userId null: a new person
 * @param listed groups that may be pushed although they give a platform role
 */
export async function countedClaims(
  tx: Tx,
  userId: string | null,
  issuer: string,
  groups: readonly string[],
  listed: readonly string[],
): Promise<string[]> {
  if (!groups.some((group) => listed.includes(group))) return [...groups]
  const overruled = await tx.$queryRaw<{ name: string }[]>`
    SELECT pushed_group.display_name AS name FROM scim_group pushed_group
    WHERE pushed_group.issuer = ${bareIssuer(issuer)} AND pushed_group.display_name = ANY (${[...groups]}::text[])
      AND pushed_group.display_name = ANY (${[...listed]}::text[])
      AND NOT ${isCountedMemberSql(Prisma.sql`${userId}::uuid`)}`
  const names = new Set(overruled.map(({ name }) => name))
  return groups.filter((group) => !names.has(group))
}

/**
 * Selects the person's groups that count for the sign-in limit: those of countedClaims, and listed groups that
 * provisioning puts them in. Pushed memberships count while they are stored.
 * @param named groups that may sign in
 */
export async function countedForSignIn(
  tx: Tx,
  userId: string | null,
  issuer: string,
  groups: readonly string[],
  { named, listed }: { named: readonly string[]; listed: readonly string[] },
): Promise<string[]> {
  if (named.length === 0) return []
  const claimed = groups.filter((group) => named.includes(group))
  const counted = await countedClaims(tx, userId, issuer, claimed, listed)
  const pushable = named.filter((group) => listed.includes(group))
  if (userId === null || pushable.length === 0) return counted
  const pushed = await tx.$queryRaw<{ name: string }[]>`
    SELECT pushed_group.display_name AS name FROM scim_group pushed_group
    WHERE pushed_group.issuer = ${bareIssuer(issuer)} AND pushed_group.display_name = ANY (${pushable}::text[])
      AND ${isCountedMemberSql(Prisma.sql`${userId}::uuid`)}`
  return [...counted, ...pushed.map(({ name }) => name)]
}

/** Keeps groups from being pushed or released until the transaction ends. Call it before any row is locked. */
export async function holdPushedGroups(tx: Tx, how: 'as they are' | 'to change them'): Promise<void> {
  await tx.$executeRaw`SELECT hold_pushed_groups(${how === 'to change them'})`
}
