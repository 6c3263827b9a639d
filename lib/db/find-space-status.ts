import type { SpaceStatus } from '#lib/domain/space-status.ts'
import type { Db } from './client.ts'

/** @returns the status of a space; null when there is no such space */
export async function findSpaceStatus(db: Db, spaceId: string): Promise<SpaceStatus | null> {
  const space = await db.space.findUnique({ where: { id: spaceId }, select: { status: true } })
  return space?.status ?? null
}
