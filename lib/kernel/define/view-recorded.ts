import type { z } from 'zod'
import type { AuditAction } from '#lib/kernel/model/audit/audit-action.ts'
import type { PlatformPermission } from '#lib/kernel/model/people/permission.ts'
import { authorizePlatform } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { holdActor } from '#lib/kernel/use-case/hold-actor.ts'
import { type About, type Recording, recorded } from '#lib/kernel/use-case/recorded.ts'
import { defineUseCase, type UseCase } from './define-use-case.ts'
import { parseInput } from './parse-input.ts'

type RecordedView<P, I, O> = {
  permission: PlatformPermission
  action: AuditAction
  input: z.ZodType<P, I>
  /** What the trail records from the start, even if the read is refused. */
  about: (input: P, ctx: BrokerContext) => About
  /**
   * Finds what to read, and returns it in pieces that are read later, while they are sent. `about` adds details for the
   * trail.
   */
  read(given: { ctx: BrokerContext; input: P; about: Recording['about'] }): Promise<O> | O
}

/** Makes a read-only use case that is in the trail, such as a download: nothing is returned before its row is durable. */
export function viewRecorded<P, I, O>({
  permission,
  action,
  input: schema,
  about,
  read,
}: RecordedView<P, I, O>): UseCase<I, O> {
  return defineUseCase([permission], async (ctx, given: I) => {
    const input = parseInput(schema, given)
    return recorded(ctx, action, about(input, ctx), async (record) => {
      authorizePlatform(ctx, permission)
      const result = await read({ ctx, input, about: record.about })
      await record.commit(async (tx) => authorizePlatform(await holdActor(ctx, tx, [], 'decides'), permission))
      return result
    })
  })
}
