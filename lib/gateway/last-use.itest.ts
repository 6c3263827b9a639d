import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

let gateway: Awaited<ReturnType<typeof openGatewayFixture>>
beforeAll(async () => {
  gateway = await openGatewayFixture()
})
afterAll(() => gateway?.close())

test('use of a space is recorded for the person, whatever the kubeconfig is for; refused requests don’t count', async () => {
  const [owner, viewer] = await Promise.all([gateway.person('owner'), gateway.person('viewer')])
  const [used, refused] = await Promise.all([
    gateway.space(owner, [{ member: viewer, role: 'viewer' }]),
    gateway.space(owner),
  ])
  const forAll = await gateway.credential(viewer)
  expect((await forAll.run(['get', 'namespaces'])).code).toBe(0)
  expect((await forAll.run(['-n', refused.namespace, 'get', 'pods'])).all).toMatch(/forbidden/i)
  const uses = () =>
    gateway.sql(
      `SELECT space_id, user_id, last_used_at > now() - interval '5 minutes' AS recent FROM space_use
       WHERE space_id IN ($1, $2)`,
      [used.id, refused.id],
    )
  expect((await forAll.run(['-n', used.namespace, 'get', 'pods'])).code).toBe(0)
  await vi.waitFor(
    async () => expect(await uses()).toEqual([{ space_id: used.id, user_id: viewer.userId, recent: true }]),
    30_000,
  )
})
