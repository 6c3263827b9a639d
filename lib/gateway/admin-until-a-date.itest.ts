import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
beforeAll(async () => {
  fixture = await openGatewayFixture()
})
afterAll(() => fixture?.close())

test('an admin role with an end date can’t write bindings, even where the cluster allows it; without an end date it can', async () => {
  const guest = await fixture.person('guest')
  const { namespace } = await fixture.space(await fixture.person('owner'), [{ member: guest, role: 'admin' }])
  const credential = await fixture.credential(guest, { namespace })
  const bind = (name: string) =>
    credential.run([
      'create',
      'rolebinding',
      name,
      '--clusterrole=spaceport:editor',
      `--serviceaccount=${namespace}:robot`,
    ])
  const mayBind = async () => (await credential.run(['auth', 'can-i', 'create', 'rolebindings'])).out
  await vi.waitFor(async () => expect(await mayBind()).toBe('yes\n'), { timeout: 60_000, interval: 200 })
  expect((await bind('before')).code).toBe(0)

  const endsIn = (interval: string | null) =>
    fixture.sql('UPDATE space_grant SET ends_at = now() + $1::interval WHERE user_id = $2', [interval, guest.userId])
  await endsIn('1 day')
  await vi.waitFor(async () => expect(await mayBind()).toMatch(/^no/), 10_000)
  const refused = await bind('meanwhile')
  expect(refused.code).toBe(1)
  expect(refused.all).toContain(
    'your role has an end date; only admins without an end date can write Roles and RoleBindings',
  )
  expect((await credential.run(['create', 'configmap', 'theirs'])).code).toBe(0)
  expect((await credential.run(['get', 'rolebindings'])).code).toBe(0)

  await endsIn(null)
  await vi.waitFor(async () => expect((await bind('after')).code).toBe(0), 10_000)
})
