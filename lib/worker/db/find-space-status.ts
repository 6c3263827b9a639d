import type { Db } from '#lib/kernel/db/client.ts'
import type { SpaceStatus } from '#lib/kernel/model/spaces/space-status.ts'

/** @returns the status of a space; null when there is no such space */
export async function findSpaceStatus(db: Db, spaceId: string): Promise<SpaceStatus | null> {
  const space = await db.space.findUnique({ where: { id: spaceId }, select: { status: true } })
  return space?.status ?? null
}
