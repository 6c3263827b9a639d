import { z } from 'zod'
import { findSpaceById } from '../db/find-space.ts'
import { findRequest, type RequestRecord } from '../db/list-requests.ts'
import { AppError } from '../domain/errors.ts'
import { decidePermission } from '../domain/permission.ts'
import type { RequestDetail } from '../domain/request-view.ts'
import { clusterRoleOf, compareStanding, type Role } from '../domain/role.ts'
import { gainedRights } from '../domain/role-rules.ts'
import type { BrokerContext } from './context.ts'
import { rowOf } from './list-requests.ts'

export const readRequestInput = z.strictObject({ id: z.uuid() })

/** @returns a request for who asked or may decide, with what would change; @throws AppError not_found for anybody else */
export async function readRequest(
  ctx: BrokerContext,
  { id }: z.infer<typeof readRequestInput>,
): Promise<RequestDetail> {
  const request = await findRequest(ctx.db, id)
  if (!request) throw new AppError('not_found')
  const isRequester = request.requesterId === ctx.actor.userId
  const decider = await mayDecide(ctx, request)
  if (!isRequester && !decider) throw new AppError('not_found')
  const row = rowOf(ctx, request)
  const before = await standingBefore(ctx, request)
  const after =
    row.payload.kind === 'role' ? (compareStanding(row.payload.role, before) > 0 ? row.payload.role : before) : null
  return {
    ...row,
    before,
    after,
    gained: row.payload.kind === 'role' && after ? gainedRights(before, after) : [],
    mayDecide: decider && !isRequester && row.state === 'open',
    mayCancel: isRequester && row.state === 'open',
  }
}

/** @returns whether the person is of those who decide on such a request: the space's owner on roles, platform admins on all (of what is there) */
export async function mayDecide(ctx: BrokerContext, request: RequestRecord): Promise<boolean> {
  const isThere = request.space && request.space.status !== 'deleting' && request.space.status !== 'deleted'
  if (request.kind === 'role' && request.state === 'open' && !isThere) return false
  const isOwner = request.space?.ownerId === ctx.actor.userId
  const permission = request.kind === 'role' ? 'decide-role-request' : 'decide-space-request'
  return (
    decidePermission(permission, { platformRole: ctx.actor.platformRole, standing: isOwner ? 'owner' : null }) ===
    'allowed'
  )
}

async function standingBefore(ctx: BrokerContext, request: RequestRecord): Promise<Role | null> {
  if (!request.spaceId) return null
  const space = await findSpaceById(ctx.db, request.spaceId, request.requesterId, ctx.clock())
  return space?.standing ? clusterRoleOf(space.standing) : null
}
