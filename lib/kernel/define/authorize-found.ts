import type { Standing } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import {
  decidePermission,
  type Permission,
  type PlatformPermission,
  roleStateOf,
} from '#lib/kernel/model/people/permission.ts'
import { authorizePlatform, whileInactive } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

export type FoundBy<T> =
  /** Anyone with this permission, on objects that `find` returns for them: their own. */
  | { permission: PlatformPermission }
  /** By the permission that the thing requires, and the person's relation to it; null: nobody may. */
  | {
      permissions: readonly Permission[]
      subject: (
        ctx: BrokerContext,
        found: T,
      ) => { permission: Permission; standing: Standing | null; isDecider?: boolean } | null
      /** Whether it is the person's own, which is enough. */
      isOwn?: (ctx: BrokerContext, found: T) => boolean
    }

export const permissionsOf = (by: FoundBy<never>): readonly Permission[] =>
  'permission' in by ? [by.permission] : by.permissions

/**
 * Finds an object and checks whether the person may use it.
 * @throws AppError not_found when it doesn't exist or isn't theirs (indistinguishable); forbidden
 */
export async function authorizeFound<T>(ctx: BrokerContext, by: FoundBy<T>, find: () => Promise<T | null>): Promise<T> {
  if ('permission' in by) authorizePlatform(ctx, by.permission)
  const found = await find()
  if (found === null) throw new AppError('not_found')
  if ('permission' in by || by.isOwn?.(ctx, found)) return found
  const asked = by.subject(ctx, found)
  if (!asked || decidePermission(asked.permission, { ...asked, ...roleStateOf(ctx.actor) }) !== 'allowed')
    throw new AppError('not_found', whileInactive(ctx))
  return found
}
