import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { saveClaims } from '#lib/auth/db/save-claims.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { reconcileSpace } from '#lib/kernel/reconcile/reconcile-space.ts'
import { suspendGroups } from '#lib/kernel/reconcile/suspend-groups.ts'

let gateway: Awaited<ReturnType<typeof openGatewayFixture>>
let broker: BrokerFixture
beforeAll(async () => {
  gateway = await openGatewayFixture()
  broker = await openBrokerFixture()
})
afterAll(async () => {
  await broker?.close()
  await gateway?.close()
})

test('a watch is cut when group roles are suspended, kubectl shows what to do, and a sign-in restores access', async () => {
  const group = uniqueName('team')
  const [owner, member] = await Promise.all([broker.person('owner'), broker.person('member', { groups: [group] })])
  const name = uniqueName('paused')
  await createSpace(broker.as(owner), { name, description: '', size: 'S', endsAt: null })
  await addGrant(broker.as(owner), { space: { name }, principal: `group:${group}`, role: 'editor' })
  const { id, namespace } = await readSpace(broker.as(owner), { name })
  await gateway.untilBound(namespace, member)
  const subjects = async () =>
    (await gateway.asAdmin(['-n', namespace, 'get', 'rolebindings', '-o', 'jsonpath={..subjects[*].name}'])).out
  const credential = await gateway.credential(member, { namespace })

  const watch = credential.open(['get', 'configmaps', '-w'])
  const cut = once(watch.stdout, 'end').then(() => Date.now())
  await once(watch.stdout, 'data')
  const [row] = await gateway.sql(
    `UPDATE user_account SET groups_verified_at = now() - interval '24 hours' + interval '3 seconds' WHERE id = $1
     RETURNING (extract(epoch FROM now() + interval '3 seconds') * 1000)::float8 AS "pausesAt"`,
    [member.userId],
  )
  const late = (await cut) - Number(row?.pausesAt)
  console.info(`cut ${Math.round(late)} ms after the pause`)
  expect(late).toBeGreaterThan(-100)
  // The gateway reads everything again every thirty seconds.
  expect(late).toBeLessThan(15_000)
  expect((await credential.run(['get', 'configmaps'])).all).toContain(
    'your roles from groups are suspended until you sign in at',
  )
  expect((await credential.run(['get', 'namespaces', '-o', 'name'])).out).toBe('')

  expect(await subjects()).toContain(member.handle)
  expect(await suspendGroups(broker.system())).toMatchObject({ paused: 1 })
  await reconcileSpace(broker.system(), id)
  expect(await subjects()).not.toContain(member.handle)

  const claims = {
    name: member.name,
    email: member.email,
    emailUnverified: false,
    groups: { names: [group], leftOut: [], platformRoleOf: () => 'member' as const, listed: [] },
  }
  await inTransaction(broker.services.db, (tx) =>
    saveClaims(tx, { id: member.userId, issuer: issuerOfTests }, claims, new Date()),
  )
  await reconcileSpace(broker.system(), id)
  expect(await subjects()).toContain(member.handle)
  await expect.poll(async () => (await credential.run(['get', 'configmaps'])).code, { timeout: 60_000 }).toBe(0)
})
