import type { SpaceOfTime } from '#lib/features/cluster-audit/db/resolve-audited.ts'

/** The deletion's own requests are reported after it. */
const afterDeletionMs = 3_600_000

/**
 * @param spaces that had the namespace, oldest first
 * @param at when the event happened, by the API server’s clock
 * @returns the space that had it then, or until an hour before. An event before all of them belongs to the oldest: the
 * API server's clock may be slow
 */
export function spaceAt(spaces: readonly SpaceOfTime[], at: Date): string | undefined {
  const space = spaces.findLast(({ createdAt }) => createdAt <= at) ?? spaces[0]
  if (!space) return undefined
  const { id, deletedAt } = space
  return deletedAt !== null && deletedAt.getTime() + afterDeletionMs <= at.getTime() ? undefined : id
}
