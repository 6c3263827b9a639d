import type { Db } from './client.ts'
import { isLiving } from './effective-sql.ts'
import { type RequestRecord, requestInclude } from './find-request.ts'

/**
 * The requests that somebody can decide: never their own; owners see roles in their spaces, platform admins all except
 * those about spaces that are deleted or being deleted.
 */
const waitingFor = (userId: string, isPlatformAdmin: boolean, at: Date) => ({
  state: 'open' as const,
  lapsesAt: { gt: at },
  requesterId: { not: userId },
  ...(isPlatformAdmin
    ? { OR: [{ kind: 'space' as const }, { space: isLiving }] }
    : { kind: 'role' as const, space: { ownerId: userId, ...isLiving } }),
})

/** @returns the requests of a box, newest first */
export async function selectRequests(
  db: Db,
  box: 'mine' | 'waiting' | 'decided',
  who: { userId: string; isPlatformAdmin: boolean; at: Date },
  page: { skip: number; take: number },
): Promise<RequestRecord[]> {
  const where =
    box === 'mine'
      ? { requesterId: who.userId }
      : box === 'waiting'
        ? waitingFor(who.userId, who.isPlatformAdmin, who.at)
        : { deciderId: who.userId }
  return db.request.findMany({
    where,
    include: requestInclude,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    ...page,
  })
}

/** @returns how many requests wait for somebody's decision; stops counting at 100 */
export async function countWaitingRequestRows(
  db: Db,
  userId: string,
  isPlatformAdmin: boolean,
  at: Date,
): Promise<number> {
  return db.request.count({ where: waitingFor(userId, isPlatformAdmin, at), take: 100 })
}
