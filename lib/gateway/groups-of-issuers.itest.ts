import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'

let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
beforeAll(async () => {
  fixture = await openGatewayFixture()
})
afterAll(() => fixture?.close())

test('a group’s role is for people of its own provider, not for another provider’s group of the same name', async () => {
  const [owner, theirs, ours] = [
    await fixture.person('owner'),
    await fixture.person('theirs'),
    await fixture.person('ours', 'https://present.test'),
  ]
  // Both have a binding on the cluster: only the gateway tells them apart.
  const space = await fixture.space(owner, [
    { member: theirs, role: 'viewer' },
    { member: ours, role: 'viewer' },
  ])
  await fixture.sql('UPDATE space_grant SET removed_at = now() WHERE space_id = $1', [space.id])
  const group = uniqueName('team')
  for (const { userId } of [theirs, ours])
    await fixture.sql('INSERT INTO user_group (user_id, "group") VALUES ($1, $2)', [userId, group])
  await fixture.sql(
    `INSERT INTO space_grant (id, space_id, "group", group_issuer, role, starts_at)
     VALUES (gen_random_uuid(), $1, $2, 'https://issuer.test', 'viewer', now() - interval '1 minute')`,
    [space.id, group],
  )
  const run = async (member: typeof owner, args: string[]) =>
    (await fixture.credential(member, { namespace: space.namespace })).run(args)
  expect(await run(theirs, ['get', 'configmaps'])).toMatchObject({ code: 0 })
  const refused = await run(ours, ['get', 'configmaps'])
  expect(refused.code).toBe(1)
  expect(refused.all).toContain('Forbidden')
  expect((await run(ours, ['get', 'namespaces', '-o', 'name'])).out).toBe('')
})
