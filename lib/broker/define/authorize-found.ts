import { authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { AppError } from '#lib/domain/errors.ts'
import { decidePermission, type Permission, type PlatformPermission } from '#lib/domain/permission.ts'
import type { Standing } from '#lib/domain/role.ts'

/** By which right a thing with an id is used. */
export type FoundBy<T> =
  /** What anybody may do who has this one, on things that `find` finds for them: their own. */
  | { permission: PlatformPermission }
  /** By the row of the table that the thing asks for, and what the person is to it; null: nobody may. */
  | {
      permissions: readonly Permission[]
      subject: (ctx: BrokerContext, found: T) => { permission: Permission; standing: Standing | null } | null
      /** Whether the thing is the person's own, which alone is enough. */
      isOwn?: (ctx: BrokerContext, found: T) => boolean
    }

export const permissionsOf = (by: FoundBy<never>): readonly Permission[] =>
  'permission' in by ? [by.permission] : by.permissions

/**
 * Finds a thing and judges whether the person may use it.
 * @throws AppError not_found when it is not there, or not theirs: the same either way; forbidden
 */
export async function authorizeFound<T>(ctx: BrokerContext, by: FoundBy<T>, find: () => Promise<T | null>): Promise<T> {
  if ('permission' in by) authorizePlatform(ctx, by.permission)
  const found = await find()
  if (found === null) throw new AppError('not_found')
  if ('permission' in by || by.isOwn?.(ctx, found)) return found
  const asked = by.subject(ctx, found)
  const { platformRole } = ctx.actor
  if (!asked || decidePermission(asked.permission, { platformRole, standing: asked.standing }) !== 'allowed')
    throw new AppError('not_found')
  return found
}
