import type { Db, Tx } from '#lib/kernel/db/client.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'

/** @returns a person's current state on the platform; @throws what Prisma throws when there is no such person */
export const readPerson = (
  db: Db | Tx,
  userId: string,
): Promise<{ issuer: string; platformRole: PlatformRole; deactivatedAt: Date | null }> =>
  db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { issuer: true, platformRole: true, deactivatedAt: true },
  })
