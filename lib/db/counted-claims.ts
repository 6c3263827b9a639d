import { bareIssuer } from '#lib/domain/bare-issuer.ts'
import type { Tx } from './client.ts'

/**
 * Of groups that a sign-in names, those that count: of a group that is pushed, provisioning alone says who is in it. No
 * group is pushed or given up until the transaction ends.
 * @param userId null: somebody who wasn’t known
 */
export async function countedClaims(
  tx: Tx,
  userId: string | null,
  issuer: string,
  groups: readonly string[],
): Promise<string[]> {
  if (groups.length === 0) return []
  const overruled = await tx.$queryRaw<{ name: string }[]>`
    SELECT sg.display_name AS name FROM scim_group sg
    WHERE sg.issuer = ${bareIssuer(issuer)} AND sg.display_name = ANY (${[...groups]}::text[])
      AND NOT EXISTS (SELECT FROM scim_group_member m WHERE m.group_id = sg.id AND m.user_id = ${userId}::uuid)`
  const names = new Set(overruled.map(({ name }) => name))
  return groups.filter((group) => !names.has(group))
}

/** Keeps groups from being pushed or given up until the transaction ends. Taken before any row is held. */
export async function holdPushedGroups(tx: Tx, how: 'as they are' | 'to change them'): Promise<void> {
  await tx.$executeRaw`SELECT hold_pushed_groups(${how === 'to change them'})`
}
