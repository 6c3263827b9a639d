import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { readClusterId } from '#lib/kernel/db/spaces/clusters.ts'
import { findSpaceByName } from '#lib/kernel/db/spaces/find-space.ts'
import { selectAccessSpans } from '#lib/kernel/db/spaces/select-grants.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { isEscalation } from '#lib/kernel/model/access/escalation.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import {
  furthestStart,
  furthestStartDays,
  longestRoleMinutes,
  shortestRoleMinutes,
  spanOf,
} from '#lib/kernel/model/access/role-term.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { assertRoleEnds } from '#lib/kernel/model/policy/policy.ts'
import { aboutSpace, spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { openRequest, reason } from './open-request.ts'

export const requestRoleInput = z.strictObject({
  space: spaceKey,
  role: z.enum(roles),
  minutes: z
    .int('Choose how long, in whole minutes, hours or days.')
    .min(shortestRoleMinutes, `At least ${shortestRoleMinutes} minutes.`)
    .max(longestRoleMinutes, 'At most 365 days.')
    .nullable()
    .default(null),
  /** Null: on approval. */
  startsAt: z.date('Choose when it starts.').nullable().default(null),
  reason,
})

/**
 * Requests a role in a space by its exact name. Non-members get the same answers whether or not the space exists: the
 * request is stored, listed, and expires if no one can decide on it. The role may be scheduled. To extend a role,
 * request it again.
 * @throws AppError bad_input if the person already has the role for at least as long; role_too_long; request_duplicate
 */
export const requestRole = changePlatform({
  permission: 'request-role',
  action: 'request.create',
  input: requestRoleInput,
  about: ({ space }) => ({ target: { kind: 'space', name: space.name } }),
  prepare: async function prepareRequestRole({ ctx, input, about }) {
    assertStart(input.startsAt, ctx.clock())
    const cluster = input.space.cluster ?? ctx.clusters.defaultName
    const clusterId = await readClusterId(ctx.db, cluster)
    const found = await findSpaceByName(ctx.pool, { cluster, name: input.space.name }, ctx.actor.userId, ctx.clock())
    const space = found?.status === 'deleting' ? null : found
    const { startsAt: from, endsAt } = spanOf(input, ctx.clock())
    assertRoleEnds(ctx.policy, from, input.role, endsAt)
    if (space) {
      const held = await selectAccessSpans(ctx.pool, space.id, ctx.actor.userId, ctx.clock())
      if (!isEscalation(held, input.role, endsAt))
        throw new AppError('bad_input', { sentence: 'You already have this role.' })
    }
    if (space) about(aboutSpace(space))
    const { role, minutes, startsAt } = input
    const payload = {
      kind: 'role' as const,
      spaceId: space?.id ?? randomUUID(),
      cluster,
      space: input.space.name,
      role,
      minutes,
      startsAt: startsAt?.toISOString() ?? null,
    }
    return openRequest(ctx, about, { payload, reason: input.reason, clusterId, spaceId: space?.id ?? null, space })
  },
})

/** @throws AppError bad_input if the start is in the past or too far ahead */
function assertStart(startsAt: Date | null, now: Date): void {
  if (startsAt === null || (startsAt > now && startsAt <= furthestStart(now))) return
  const sentence = `Choose a start within the next ${furthestStartDays} days.`
  throw new AppError('bad_input', { sentence, fields: { startsAt: sentence } })
}
