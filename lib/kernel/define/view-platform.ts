import { z } from 'zod'
import type { PlatformPermission } from '#lib/kernel/model/people/permission.ts'
import { authorizePlatform } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { defineUseCase, type UseCase } from './define-use-case.ts'
import { parseInput } from './parse-input.ts'

/** For use cases without input. */
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
  return defineUseCase([permission], async (ctx, given: I) => {
    authorizePlatform(ctx, permission)
    return read({ ctx, input: parseInput(schema, given) })
  })
}
