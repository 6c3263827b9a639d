import type { RequestState } from '#lib/domain/access-request.ts'
import type { Db, Tx } from './client.ts'

export type RequestRecord = {
  id: string
  kind: 'space' | 'size' | 'role'
  requesterId: string
  spaceId: string | null
  payload: unknown
  payloadHash: string
  reason: string
  state: RequestState
  createdAt: Date
  lapsesAt: Date
  decidedAt: Date | null
  decisionReason: string | null
  endsAt: Date | null
  requester: { handle: string; name: string; email: string }
  decider: { handle: string; name: string } | null
  space: { name: string; ownerId: string; status: string; cluster: { name: string } } | null
}

const include = {
  requester: { select: { handle: true, name: true, email: true } },
  decider: { select: { handle: true, name: true } },
  space: { select: { name: true, ownerId: true, status: true, cluster: { select: { name: true } } } },
} as const

const living = { status: { notIn: ['deleting' as const, 'deleted' as const] } }

/** What waits for somebody: never their own; owners see roles in their spaces, platform admins everything of what is there. */
const waitingFor = (userId: string, isPlatformAdmin: boolean, at: Date) => ({
  state: 'open' as const,
  lapsesAt: { gt: at },
  requesterId: { not: userId },
  ...(isPlatformAdmin
    ? { OR: [{ kind: 'space' as const }, { space: living }] }
    : { kind: 'role' as const, space: { ownerId: userId, ...living } }),
})

/** @returns requests of a box, newest first */
export async function listRequests(
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
  return db.request.findMany({ where, include, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], ...page })
}

/** @returns how many wait for somebody's decision; stops counting at 100 */
export async function countWaitingRequests(
  db: Db,
  userId: string,
  isPlatformAdmin: boolean,
  at: Date,
): Promise<number> {
  return db.request.count({ where: waitingFor(userId, isPlatformAdmin, at), take: 100 })
}

/** @returns one request, or null */
export async function findRequest(db: Db | Tx, id: string): Promise<RequestRecord | null> {
  return db.request.findUnique({ where: { id }, include })
}
