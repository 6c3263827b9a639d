import type { z } from 'zod'
import type { AuditAction } from '#lib/kernel/model/audit/audit-action.ts'
import type { PlatformPermission } from '#lib/kernel/model/people/permission.ts'
import { authorizePlatform } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { holdActor } from '#lib/kernel/use-case/hold-actor.ts'
import { type About, type Recording, recorded } from '#lib/kernel/use-case/recorded.ts'
import { defineUseCase, type UseCase } from './define-use-case.ts'
import { parseInput } from './parse-input.ts'
import { type Change, runChange } from './run-change.ts'

/** The person's current rights; their row is locked until the transaction ends. */
type LockedActor = { now: BrokerContext }

type PlatformChange<P, I, O> = {
  permission: PlatformPermission
  action: AuditAction
  input: z.ZodType<P, I>
  /** Recorded in the trail from the start, even if the change is refused. */
  about: (input: P, ctx: BrokerContext) => About
  /** Whether it adds a version of the policy, which blocks decisions by the old one. */
  changesPolicy?: boolean
  /**
   * Whether it ends a person's access: then it takes no policy lock, and blocking sessions are ended (end-blockers.ts).
   */
  endsAccess?: boolean
  /** Checks that run before the permission check. */
  before?: (ctx: BrokerContext, input: P) => Promise<void>
  /** Plans the change, if any. `about` adds details for the trail. */
  prepare(given: {
    ctx: BrokerContext
    input: P
    about: Recording['about']
  }): Promise<Change<LockedActor, O>> | Change<LockedActor, O>
}

/** Makes a use case that changes something on the platform, by the person's platform role; like changeSpace. */
export function changePlatform<P, I, O>({
  permission,
  action,
  input: schema,
  about,
  changesPolicy = false,
  endsAccess = false,
  before,
  prepare,
}: PlatformChange<P, I, O>): UseCase<I, O> {
  return defineUseCase([permission], async (ctx, given: I) => {
    const input = parseInput(schema, given)
    return recorded(
      ctx,
      action,
      about(input, ctx),
      async (record) => {
        await before?.(ctx, input)
        authorizePlatform(ctx, permission)
        const change = await prepare({ ctx, input, about: record.about })
        return runChange(ctx, record, change, async (tx, people) => {
          const how = changesPolicy ? 'changes the policy' : endsAccess ? 'ends access' : 'decides'
          const now = await holdActor(ctx, tx, people, how)
          authorizePlatform(now, permission)
          return { now }
        })
      },
      { endsAccess },
    )
  })
}
