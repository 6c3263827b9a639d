import type { Db } from '#lib/kernel/db/client.ts'
import { sealedIssuer } from '#lib/kernel/model/people/break-glass-account.ts'

export type FoundUser = { userId: string; handle: string; name: string; email: string }

/**
 * @returns the active person with a handle: the only name by which rights are given, since nobody can choose theirs. The
 *   sealed account gets none
 */
export const findUserByHandle = async (db: Db, handle: string): Promise<(FoundUser & { issuer: string }) | null> => {
  const found = await db.user.findFirst({
    where: { handle, deactivatedAt: null, issuer: { not: sealedIssuer } },
    select: { id: true, handle: true, name: true, email: true, issuer: true },
  })
  if (!found) return null
  const { id, ...person } = found
  return { userId: id, ...person }
}
