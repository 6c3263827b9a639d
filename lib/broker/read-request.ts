import { z } from 'zod'
import { listHeld } from '../db/list-held.ts'
import { findRequest, type RequestRecord } from '../db/list-requests.ts'
import type { RequestPayload } from '../domain/access-request.ts'
import { AppError } from '../domain/errors.ts'
import type { Held } from '../domain/own-gain.ts'
import { decidePermission } from '../domain/permission.ts'
import type { RequestDetail } from '../domain/request-view.ts'
import { clusterRoleOf, greaterStanding, type Role } from '../domain/role.ts'
import { type GainedRight, gainedRights } from '../domain/role-rules.ts'
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
  return {
    ...row,
    ...(await describeChange(ctx, request, row.payload)),
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

/** What the requester is in the space and what they would be, and which rights on the cluster they would gain. */
async function describeChange(
  ctx: BrokerContext,
  { spaceId, space, requesterId }: RequestRecord,
  payload: RequestPayload,
): Promise<{ before: Role | null; after: Role | null; gained: GainedRight[] }> {
  const isThere = spaceId !== null && space?.status !== 'deleted'
  const held = isThere ? await listHeld(ctx.db, spaceId, requesterId, ctx.clock()) : []
  const greatest = (of: (one: Held) => Role) => held.map(of).reduce<Role | null>(greaterStanding, null)
  const before = greatest(({ standing }) => (standing === 'owner' ? 'admin' : standing))
  if (payload.kind !== 'role') return { before, after: null, gained: [] }
  const onCluster = greatest(({ standing, endsAt }) => clusterRoleOf(standing, endsAt !== null))
  const gained = gainedRights(onCluster, clusterRoleOf(payload.role, payload.days !== null))
  return { before, after: greaterStanding(before, payload.role), gained }
}
