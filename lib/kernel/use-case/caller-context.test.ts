import { expectTypeOf, test } from 'vitest'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { BrokerContext } from './context.ts'
import type { CallerContext, wrapContext } from './wrap-context.ts'

/* The compiler checks these (npm run check): an expected error that doesn't occur is itself an error. */
test('a page’s context has the caller, origin, policy, names of clusters and the time, and nothing else', () => {
  expectTypeOf<keyof CallerContext>().toEqualTypeOf<'actor' | 'origin' | 'policy' | 'clusters' | 'now'>()
  expectTypeOf<keyof CallerContext['clusters']>().toEqualTypeOf<'names' | 'defaultName'>()
  // @ts-expect-error: a query from a page would skip authorization.
  expectTypeOf<CallerContext['db']>().toBeNever()
})

test('a page’s context can’t be made by hand or changed to another person’s', () => {
  expectTypeOf<BrokerContext>().not.toExtend<CallerContext>()
  expectTypeOf<Pick<CallerContext, keyof CallerContext>>().not.toExtend<CallerContext>()
  const pretend = (ctx: CallerContext, other: Actor) => {
    // @ts-expect-error: the person can't be replaced.
    ctx.actor = other
    // @ts-expect-error: nor can their rights be changed.
    ctx.actor.platformRole = 'admin'
  }
  expectTypeOf(pretend).toBeFunction()
})

test('no one gets a context without being signed in', () => {
  expectTypeOf<null>().not.toExtend<Parameters<typeof wrapContext>[1]>()
})
