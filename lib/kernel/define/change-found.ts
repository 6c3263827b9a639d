import type { z } from 'zod'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { holdSpaceRow } from '#lib/kernel/db/spaces/space-row.ts'
import type { AuditAction } from '#lib/kernel/model/audit/audit-action.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { holdActor } from '#lib/kernel/use-case/hold-actor.ts'
import { type Recording, recorded } from '#lib/kernel/use-case/recorded.ts'
import { authorizeFound, type FoundBy, permissionsOf } from './authorize-found.ts'
import { defineUseCase, type UseCase } from './define-use-case.ts'
import { parseInput } from './parse-input.ts'
import { type Change, runChange } from './run-change.ts'

/** The object and the person's current rights, locked until the transaction ends. */
type LockedObject<T> = { found: T; now: BrokerContext }

type FoundChange<T, P extends { id: string }, I, O> = {
  /** The required right: a platform permission for one's own objects, or a relation to the object. */
  by: FoundBy<T>
  action: AuditAction | ((input: P) => AuditAction)
  /** The trail's name for the kind of object. */
  kind:
    | 'credential'
    | 'event'
    | 'export'
    | 'filter'
    | 'group'
    | 'offboarding'
    | 'offer'
    | 'person'
    | 'provisioning-token'
    | 'request'
    | 'review'
    | 'break-glass-code'
  input: z.ZodType<P, I>
  /** @returns the object; null if it doesn't exist or is hidden from the person */
  find(db: Db | Tx, ctx: BrokerContext, id: string): Promise<T | null>
  /**
   * Whether it ends a person's access: then it takes no policy lock, and blocking sessions are ended (end-blockers.ts).
   */
  endsAccess?: boolean
  /** People to lock in addition to the caller, and the space. */
  holds?: (found: T) => { people: readonly string[]; spaceId: string | null }
  /** Plans the change, if any. `about` adds details for the trail. */
  prepare(given: {
    ctx: BrokerContext
    found: T
    input: P
    about: Recording['about']
  }): Promise<Change<LockedObject<T>, O>> | Change<LockedObject<T>, O>
}

/**
 * Makes a use case that changes an object with an id (an offer, a request, a credential, an event), like changeSpace.
 */
export function changeFound<T, P extends { id: string }, I, O>({
  by,
  action,
  kind,
  input: schema,
  find,
  endsAccess = false,
  holds = () => ({ people: [], spaceId: null }),
  prepare,
}: FoundChange<T, P, I, O>): UseCase<I, O> {
  return defineUseCase(permissionsOf(by), async (ctx, given: I) => {
    const input = parseInput(schema, given)
    const named = typeof action === 'function' ? action(input) : action
    const about = { target: { kind, id: input.id } }
    return recorded(
      ctx,
      named,
      about,
      async (record) => {
        const found = await authorizeFound(ctx, by, () => find(ctx.db, ctx, input.id))
        const change = await prepare({ ctx, found, input, about: record.about })
        return runChange(ctx, record, change, async (tx, more) => {
          const { people, spaceId } = holds(found)
          const now = await holdActor(ctx, tx, [...people, ...more], endsAccess ? 'ends access' : 'decides')
          if (spaceId !== null) await holdSpaceRow(tx, spaceId)
          return { now, found: await authorizeFound(now, by, () => find(tx, now, input.id)) }
        })
      },
      { endsAccess },
    )
  })
}
