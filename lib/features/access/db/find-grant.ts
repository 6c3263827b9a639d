import type { Db, Tx } from '#lib/kernel/db/client.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'

export type FoundGrant = {
  id: string
  role: Role
  startsAt: Date
  endsAt: Date | null
  requestId: string | null
  withheldFrom: string[]
  userId: string | null
  group: string | null
  groupIssuer: string | null
  user: { handle: string; name: string; email: string } | null
}

/** @returns an active grant of a space, or null */
export async function findGrant(db: Db | Tx, spaceId: string, id: string): Promise<FoundGrant | null> {
  return db.grant.findFirst({
    where: { id, spaceId, removedAt: null },
    select: {
      id: true,
      role: true,
      startsAt: true,
      endsAt: true,
      requestId: true,
      withheldFrom: true,
      userId: true,
      group: true,
      groupIssuer: true,
      user: { select: { handle: true, name: true, email: true } },
    },
  })
}
