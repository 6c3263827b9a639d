import type { z } from 'zod'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import type { AuditAction } from '#lib/kernel/model/audit/audit-action.ts'
import type { SpacePermission } from '#lib/kernel/model/people/permission.ts'
import { aboutSpace, assertLiving, authorizeSpace, type SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { holdSpace } from '#lib/kernel/use-case/hold-space.ts'
import { type Recording, recorded } from '#lib/kernel/use-case/recorded.ts'
import { defineUseCase, type UseCase } from './define-use-case.ts'
import { parseInput } from './parse-input.ts'
import { type Change, runChange } from './run-change.ts'

/** The space and the person's current rights, both locked until the transaction ends. */
type LockedSpace = { space: SpaceRecord; now: BrokerContext }

type SpaceChange<P extends { space: SpaceKey }, I, O> = {
  permission: SpacePermission
  action: AuditAction
  input: z.ZodType<P, I>
  /** Recorded in the trail from the start, even if the change is refused. */
  detail?: (input: P) => Record<string, unknown>
  /** Whether to refuse a space that is being deleted. */
  living?: boolean
  /** Whether to reconcile the cluster: `request` queues the job; `queued`: the change itself does; `none`. */
  reconcile?: 'request' | 'queued' | 'none'
  /**
   * Whether it ends a person's access: then it takes no policy lock, and blocking sessions are ended (end-blockers.ts).
   */
  endsAccess?: boolean
  /** Checks that run before the permission check. */
  before?: (ctx: BrokerContext, input: P) => Promise<void>
  /** Plans the change, if any. `about` adds details for the trail. */
  prepare(given: {
    ctx: BrokerContext
    space: SpaceRecord
    input: P
    about: Recording['about']
  }): Promise<Change<LockedSpace, O>> | Change<LockedSpace, O>
}

/**
 * Makes a use case that changes a space: authorize → plan → one transaction (intent, second check with locked rows,
 * change, reconcile job) → reconcile inline → outcome.
 */
export function changeSpace<P extends { space: SpaceKey }, I, O>({
  permission,
  action,
  input: schema,
  detail,
  living = false,
  reconcile = 'request',
  endsAccess = false,
  before,
  prepare,
}: SpaceChange<P, I, O>): UseCase<I, O> {
  return defineUseCase([permission], async (ctx, given: I) => {
    const input = parseInput(schema, given)
    const first = { target: { kind: 'space', name: input.space.name }, ...(detail && { detail: detail(input) }) }
    return recorded(
      ctx,
      action,
      first,
      async (record) => {
        await before?.(ctx, input)
        const space = await authorizeSpace(ctx, permission, input.space)
        record.about(aboutSpace(space))
        if (living) assertLiving(space)
        const change = await prepare({ ctx, space, input, about: record.about })
        const follows = reconcile === 'none' ? {} : { reconcile: { spaceId: space.id, queued: reconcile === 'queued' } }
        return runChange(ctx, record, { ...change, ...follows }, async (tx, people) => {
          const held = await holdSpace(ctx, tx, permission, space.id, { people, endsAccess })
          if (living) assertLiving(held.space)
          return held
        })
      },
      { endsAccess },
    )
  })
}
