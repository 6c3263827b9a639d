import { z } from 'zod'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { findRequest, type RequestRecord } from '#lib/db/find-request.ts'
import { selectHeld } from '#lib/db/select-held.ts'
import type { RequestPayload } from '#lib/domain/access-request.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { Held } from '#lib/domain/own-gain.ts'
import type { RequestDetail } from '#lib/domain/request-view.ts'
import { clusterRoleOf, greaterStanding, type Role } from '#lib/domain/role.ts'
import { type GainedRight, gainedRights } from '#lib/domain/role-rules.ts'
import { mayDecide } from './may-decide.ts'
import { toRequestRow } from './request-row.ts'

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
  const row = toRequestRow(ctx, request)
  return {
    ...row,
    ...(await describeChange(ctx, request, row.payload)),
    mayDecide: decider && !isRequester && row.state === 'open',
    mayCancel: isRequester && row.state === 'open',
  }
}

/** What the requester is in the space and what they would be, and which rights on the cluster they would gain. */
async function describeChange(
  ctx: BrokerContext,
  { spaceId, space, requesterId }: RequestRecord,
  payload: RequestPayload,
): Promise<{ before: Role | null; after: Role | null; gained: GainedRight[] }> {
  const isThere = spaceId !== null && space?.status !== 'deleted'
  const held = isThere ? await selectHeld(ctx.db, spaceId, requesterId, ctx.clock()) : []
  const greatest = (of: (one: Held) => Role) => held.map(of).reduce<Role | null>(greaterStanding, null)
  const before = greatest(({ standing }) => (standing === 'owner' ? 'admin' : standing))
  if (payload.kind !== 'role') return { before, after: null, gained: [] }
  const onCluster = greatest(({ standing, endsAt }) => clusterRoleOf(standing, endsAt !== null))
  const gained = gainedRights(onCluster, clusterRoleOf(payload.role, payload.days !== null))
  return { before, after: greaterStanding(before, payload.role), gained }
}
