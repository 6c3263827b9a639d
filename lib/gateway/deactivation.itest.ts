import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { readSession } from '#lib/auth/session/read-session.ts'
import { hashSessionToken } from '#lib/auth/session/session-rules.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { deactivatePerson } from '#lib/features/people/use-cases/deactivate-person.ts'
import { reactivatePerson } from '#lib/features/people/use-cases/reactivate-person.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { reconcileSpace } from '#lib/kernel/reconcile/reconcile-space.ts'

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

test('deactivating a person cuts their watch and shell, and ends all their access', async () => {
  const [owner, departingUser] = await Promise.all([broker.person('owner'), broker.person('departing')])
  const admin = broker.as(await broker.person('admin', { platformRole: 'admin' }))
  const name = uniqueName('left')
  await createSpace(broker.as(owner), { name, description: '', size: 'S', endsAt: null })
  const { id: spaceId, namespace } = await readSpace(broker.as(owner), { name })
  await addGrant(broker.as(owner), { space: { name }, principal: departingUser.handle, role: 'editor' })
  await gateway.untilBound(namespace, departingUser)
  const subjects = async () =>
    (await gateway.asAdmin(['-n', namespace, 'get', 'rolebindings', '-o', 'jsonpath={..subjects[*].name}'])).out
  expect(await subjects()).toContain(departingUser.handle)
  const credential = await gateway.credential(departingUser, { namespace })
  await gateway.runPod(namespace, credential)
  const token = randomBytes(32).toString('base64url')
  await gateway.sql(
    `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [randomUUID(), hashSessionToken(token), departingUser.userId],
  )
  const session = () => readSession(broker.services, token)
  expect((await session())?.actor.handle).toBe(departingUser.handle)

  const opened = [
    credential.open(['get', 'pods', '-w']),
    credential.open(['exec', 'one', '--', 'sh', '-c', 'echo started; sleep 60']),
  ]
  const ended = opened.map((child) => once(child.stdout, 'end').then(() => performance.now()))
  await Promise.all(opened.map((child) => once(child.stdout, 'data')))
  const counts = await deactivatePerson(admin, { id: departingUser.userId, reason: 'left the company' })
  const done = performance.now()
  const took = Math.max(...(await Promise.all(ended))) - done
  console.info(`cut ${Math.round(took)} ms after the answer`)
  // Long before they would end on their own; kubectl is slow to give up.
  expect(took).toBeLessThan(10_000)
  expect(counts).toEqual({ sessions: 1, credentials: 1, spaces: 1 })

  expect((await credential.run(['get', 'pods'])).all).toMatch(/revoked|deactivated/)
  expect(await session()).toBeNull()
  await reconcileSpace(broker.system(), spaceId)
  expect(await subjects()).not.toContain(departingUser.handle)

  await reactivatePerson(admin, { id: departingUser.userId, reason: 'came back' })
  await reconcileSpace(broker.system(), spaceId)
  expect(await subjects()).toContain(departingUser.handle)
  expect((await credential.run(['get', 'pods'])).all).toContain('this credential was revoked')
  expect(await session()).toBeNull()
})
