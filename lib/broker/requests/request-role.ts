import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { changePlatform } from '#lib/broker/define/change-platform.ts'
import { aboutSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import { findSpaceByName } from '#lib/db/find-space.ts'
import { readClusterId } from '#lib/db/read-cluster-id.ts'
import { selectHeld } from '#lib/db/select-held.ts'
import { dayMs } from '#lib/domain/duration.ts'
import { AppError } from '#lib/domain/errors.ts'
import { isEscalation } from '#lib/domain/escalation.ts'
import { roles } from '#lib/domain/role.ts'
import { openRequest, reason } from './open-request.ts'

export const requestRoleInput = z.strictObject({
  space: spaceKey,
  role: z.enum(roles),
  days: z.number().int().min(1).max(365).nullable().default(null),
  reason,
})

/**
 * Requests a role in a space whose exact name one knows. For a non-member everything is the same whether or not the
 * space exists: the request is written, shows under Requests, and expires if nobody can decide on it.
 * @throws AppError bad_input if the person already has the role for at least as long; request_duplicate
 */
export const requestRole = changePlatform({
  permission: 'request-role',
  action: 'request.create',
  input: requestRoleInput,
  about: ({ space }) => ({ target: { kind: 'space', name: space.name } }),
  async prepare({ ctx, input, about }) {
    const cluster = input.space.cluster ?? ctx.clusters.defaultName
    const clusterId = await readClusterId(ctx.db, cluster)
    const found = await findSpaceByName(ctx.pool, { cluster, name: input.space.name }, ctx.actor.userId, ctx.clock())
    const space = found?.status === 'deleting' ? null : found
    if (space) {
      const until = input.days === null ? null : new Date(ctx.clock().getTime() + input.days * dayMs)
      const held = await selectHeld(ctx.pool, space.id, ctx.actor.userId, ctx.clock())
      if (!isEscalation(held, input.role, until))
        throw new AppError('bad_input', { sentence: 'You already have this role.' })
    }
    if (space) about(aboutSpace(space))
    const { role, days } = input
    const payload = {
      kind: 'role' as const,
      spaceId: space?.id ?? randomUUID(),
      cluster,
      space: input.space.name,
      role,
      days,
    }
    return openRequest(ctx, about, { payload, reason: input.reason, clusterId, spaceId: space?.id ?? null, space })
  },
})
