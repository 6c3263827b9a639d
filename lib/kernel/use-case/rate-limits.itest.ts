import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture, type TestContext } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { searchPrincipals } from '#lib/features/access/use-cases/search-principals.ts'
import { searchPortal } from '#lib/features/search/use-cases/search-portal.ts'
import { checkSpaceName } from '#lib/features/spaces/use-cases/check-space-name.ts'
import { countSpaceLoss } from '#lib/features/spaces/use-cases/count-space-loss.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpaceInside } from '#lib/features/spaces/use-cases/read-space-inside.ts'
import { watchSpace } from '#lib/features/spaces/use-cases/watch-space.ts'
import { createRateLimits, type Use } from './rate-limits.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

const space = { name: uniqueName('eager') }
const live = { onChange: () => {}, onSpace: () => () => {} }

test.each<[Use, (ctx: TestContext) => Promise<unknown>]>([
  ['search-principals', (ctx) => searchPrincipals(ctx, { space, text: 'al' })],
  ['search-portal', (ctx) => searchPortal(ctx, { text: 'al' })],
  ['check-name', (ctx) => checkSpaceName(ctx, { name: uniqueName('free') })],
  ['read-inside', (ctx) => readSpaceInside(ctx, space)],
  ['open-live', (ctx) => watchSpace(ctx, space, { ...live, signal: AbortSignal.timeout(50) })],
])('each person’s requests are limited, independently of others’: %s', async (use, ask) => {
  const [eager, other] = [await fixture.person('eager'), await fixture.person('other')]
  space.name = uniqueName('eager')
  await createSpace(fixture.as(eager), { ...space, description: '', size: 'S', endsAt: null })
  const withinRateLimit = createRateLimits()
  await ask(fixture.as(eager, { withinRateLimit }))
  await useUp(use, eager.userId, withinRateLimit)
  await expect(ask(fixture.as(eager, { withinRateLimit }))).rejects.toMatchObject({ code: 'rate_limited' })
  await withinRateLimit(use, other.userId, () => Promise.resolve())
})

test('counting what a deletion would destroy is limited', async () => {
  const eager = await fixture.person('eager')
  const own = { name: uniqueName('eager') }
  await createSpace(fixture.as(eager), { ...own, description: '', size: 'S', endsAt: null })
  const withinRateLimit = createRateLimits()
  expect(await countSpaceLoss(fixture.as(eager, { withinRateLimit }), own)).toEqual({ workloads: 0, volumes: 0 })
  await useUp('count-loss', eager.userId, withinRateLimit)
  expect(await countSpaceLoss(fixture.as(eager, { withinRateLimit }), own)).toBeNull()
})

async function useUp(use: Use, userId: string, within: TestContext['withinRateLimit']): Promise<void> {
  for (;;) {
    const left = await within(use, userId, () => Promise.resolve(true)).catch(() => false)
    if (!left) return
  }
}
