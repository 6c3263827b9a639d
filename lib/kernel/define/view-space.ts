import type { z } from 'zod'
import type { SpaceRecord } from '#lib/kernel/db/spaces/find-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { SpacePermission } from '#lib/kernel/model/people/permission.ts'
import { authorizeSpace, type SpaceKey, spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { defineUseCase, type UseCase } from './define-use-case.ts'
import { parseInput } from './parse-input.ts'

type View<P, O, More extends readonly unknown[]> = {
  permission: SpacePermission
  read: (given: { ctx: BrokerContext; space: SpaceRecord; input: P }, ...more: More) => Promise<O> | O
}

/** Makes a read-only use case on a space, by its key. A key that no space can have is not found. */
export const viewSpace = <O, More extends readonly unknown[] = []>(
  view: View<SpaceKey, O, More>,
): UseCase<SpaceKey, O, More> =>
  viewBy(view, (key: SpaceKey) => {
    const parsed = spaceKey.safeParse(key)
    if (!parsed.success) throw new AppError('not_found')
    return { key: parsed.data, input: parsed.data }
  })

/** Like viewSpace, with more input than the key. */
export const viewInSpace = <P extends { space: SpaceKey }, I, O>({
  input: schema,
  ...view
}: View<P, O, []> & { input: z.ZodType<P, I> }): UseCase<I, O> =>
  viewBy(view, (given: I) => {
    const input = parseInput(schema, given)
    return { key: input.space, input }
  })

const viewBy = <P, I, O, More extends readonly unknown[]>(
  { permission, read }: View<P, O, More>,
  parse: (given: I) => { key: SpaceKey; input: P },
): UseCase<I, O, More> =>
  defineUseCase([permission], async (ctx, given: I, ...more: More) => {
    const { key, input } = parse(given)
    return read({ ctx, space: await authorizeSpace(ctx, permission, key), input }, ...more)
  })
