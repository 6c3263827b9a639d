import type { SpaceOfTime } from '#lib/features/cluster-audit/db/resolve-audited.ts'

/** What a deletion itself does is reported after it. */
const afterDeletionMs = 3_600_000

/**
 * @param spaces that had a namespace, the oldest first
 * @param at when something happened in the namespace, by the API server’s clock
 * @returns the one that had it then, or until an hour before. What was earlier than all of them is the oldest one’s: the
 *   clock of the API server may be behind
 */
export function spaceAt(spaces: readonly SpaceOfTime[], at: Date): string | undefined {
  const space = spaces.findLast(({ createdAt }) => createdAt <= at) ?? spaces[0]
  if (!space) return undefined
  const { id, deletedAt } = space
  return deletedAt !== null && deletedAt.getTime() + afterDeletionMs <= at.getTime() ? undefined : id
}
