import { z } from 'zod'
import { authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { PlatformPermission } from '#lib/domain/permission.ts'
import { mint, type UseCase } from './mint.ts'
import { parseInput } from './parse-input.ts'

/** The input of a use case that needs none. */
export const nothing = z.void()

/** Makes a read-only use case, by the person's platform role. */
export function viewPlatform<P, I, O>({
  permission,
  input: schema,
  read,
}: {
  permission: PlatformPermission
  input: z.ZodType<P, I>
  read: (given: { ctx: BrokerContext; input: P }) => Promise<O> | O
}): UseCase<I, O> {
  return mint([permission], async (ctx, given: I) => {
    authorizePlatform(ctx, permission)
    return read({ ctx, input: parseInput(schema, given) })
  })
}
