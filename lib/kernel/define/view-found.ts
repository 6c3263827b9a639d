import type { z } from 'zod'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { authorizeFound, type FoundBy, permissionsOf } from './authorize-found.ts'
import { defineUseCase, type UseCase } from './define-use-case.ts'
import { parseInput } from './parse-input.ts'

/** Makes a read-only use case on an object with an id. */
export function viewFound<T, P extends { id: string }, I, O>({
  by,
  input: schema,
  find,
  read,
}: {
  by: FoundBy<T>
  input: z.ZodType<P, I>
  find: (pool: Pool, ctx: BrokerContext, id: string) => Promise<T | null>
  read: (given: { ctx: BrokerContext; found: T; input: P }) => Promise<O>
}): UseCase<I, O> {
  return defineUseCase(permissionsOf(by), async (ctx, given: I) => {
    const input = parseInput(schema, given)
    const found = await authorizeFound(ctx, by, () => find(ctx.pool, ctx, input.id))
    return read({ ctx, found, input })
  })
}
