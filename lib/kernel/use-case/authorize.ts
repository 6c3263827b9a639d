import { z } from 'zod'
import { findSpaceByName, type SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { decidePermission, type Permission, roleStateOf } from '#lib/kernel/model/people/permission.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import type { BrokerContext } from './context.ts'

/**
 * Identifies a space: by name, on the default cluster unless another is given. The id excludes a later space of the
 * same name.
 */
export const spaceKey = z.strictObject({
  name: z.string().min(1).max(63),
  cluster: z.string().min(1).max(32).optional(),
  id: z.uuid().optional(),
})
export type SpaceKey = z.infer<typeof spaceKey>

/** @throws AppError forbidden unless the person's platform role allows the use case */
export function authorizePlatform(ctx: BrokerContext, permission: Permission): void {
  const verdict = decidePermission(permission, { ...roleStateOf(ctx.actor), standing: null })
  if (verdict !== 'allowed')
    throw new AppError('forbidden', { detail: `${permission} by ${ctx.actor.handle}`, ...whileInactive(ctx) })
}

/** @returns the hint for a possible platform admin: an activated role may have ended while the page was open */
export const whileInactive = ({
  actor: { isEligible, platformRole },
}: Pick<BrokerContext, 'actor'>): { sentence?: string } =>
  isEligible && platformRole !== 'admin'
    ? { sentence: 'This may need your admin role, which isn’t active. Activate it under Profile, then try again.' }
    : {}

/**
 * Finds the space and checks whether the person may use it with this permission.
 * @throws AppError not_found when it doesn't exist or they may not know of it (indistinguishable); forbidden
 */
export async function authorizeSpace(ctx: BrokerContext, permission: Permission, key: SpaceKey): Promise<SpaceRecord> {
  return requireAllowed(ctx, permission, await findSpaceOf(ctx, key))
}

/** @returns the space with a key, whatever the person's rights; without a cluster, from the default one */
export async function findSpaceOf(ctx: BrokerContext, key: SpaceKey): Promise<SpaceRecord | null> {
  const cluster = key.cluster ?? ctx.clusters.defaultName
  // No name contains it, and Postgres would reject the query.
  if (key.name.includes('\0') || cluster.includes('\0')) return null
  const found = await findSpaceByName(ctx.pool, { cluster, name: key.name }, ctx.actor.userId, ctx.clock())
  return key.id === undefined || key.id === found?.id ? found : null
}

export function requireAllowed(ctx: BrokerContext, permission: Permission, space: SpaceRecord | null): SpaceRecord {
  if (!space) throw new AppError('not_found')
  const verdict = decidePermission(permission, { ...roleStateOf(ctx.actor), standing: space.standing })
  if (verdict === 'hidden') throw new AppError('not_found')
  if (verdict === 'forbidden') throw new AppError('forbidden', { detail: `${permission} by ${ctx.actor.handle}` })
  return space
}

/** @throws AppError space_deleting when the space is being deleted and can't be changed */
export function assertLiving(space: { status: string }): void {
  if (space.status === 'deleting') throw new AppError('space_deleting')
}

export const aboutSpace = (space: Pick<SpaceRecord, 'id' | 'name' | 'namespace' | 'cluster'>) => ({
  target: { kind: 'space', id: space.id, name: space.name },
  spaceId: space.id,
  namespace: space.namespace,
  destination: clusterDestination(space.cluster),
})
