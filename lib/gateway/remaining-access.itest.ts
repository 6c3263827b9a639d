import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { offboardPerson } from '#lib/features/offboarding/use-cases/offboard-person.ts'
import { readPersonPage } from '#lib/features/people/use-cases/read-person-page.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { removalCommand } from '#lib/kernel/model/people/remaining-access.ts'
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

async function spaceOf(owner: Actor) {
  const name = uniqueName('left')
  await createSpace(broker.as(owner), { name, description: '', size: 'S', endsAt: null })
  const { namespace } = await readSpace(broker.as(owner), { name })
  await gateway.untilBound(namespace, owner)
  return { name, namespace }
}

test('objects that could act for a departing user are listed while they exist, and the space’s new owner is notified', async () => {
  const [departingUser, newOwner] = await Promise.all([broker.person('departing'), broker.person('new-owner')])
  const admin = broker.as(await broker.person('admin', { platformRole: 'admin' }))
  const { name, namespace } = await spaceOf(departingUser)
  const credential = await gateway.credential(departingUser, { namespace })
  const kubectl = async (...args: string[]) => {
    const ran = await credential.run(args)
    expect(ran.code, ran.all).toBe(0)
  }
  await kubectl('create', 'serviceaccount', 'robot')
  await kubectl('create', 'serviceaccount', 'gone')
  await kubectl('create', 'serviceaccount', 'tried', '--dry-run=server')
  await kubectl('create', 'role', 'reader', '--verb=get', '--resource=pods')
  await kubectl('create', 'rolebinding', 'robot', '--role=reader', `--serviceaccount=${namespace}:robot`)
  await kubectl('create', 'configmap', 'harmless')
  await kubectl('delete', 'serviceaccount', 'gone', '--dry-run=server')
  await kubectl('delete', 'serviceaccount', 'gone')
  expect((await credential.run(['create', 'serviceaccount', 'Refused!'])).code).not.toBe(0)

  await offboardPerson(admin, {
    id: departingUser.userId,
    reason: 'left the company',
    confirmation: departingUser.handle,
    rest: { kind: 'hand-over', to: newOwner.handle },
  })
  const { remainingAccess } = await readPersonPage(admin, { handle: departingUser.handle })
  expect(remainingAccess).toMatchObject([{ space: { name, namespace }, ownerId: newOwner.userId }])
  const objects = remainingAccess[0]?.objects ?? []
  expect(objects).toEqual([
    { kind: 'rolebindings.rbac.authorization.k8s.io', name: 'robot' },
    { kind: 'roles.rbac.authorization.k8s.io', name: 'reader' },
    { kind: 'serviceaccounts', name: 'robot' },
  ])
  expect((await listInbox(broker.as(newOwner), {})).rows.map(({ event }) => event)).toContainEqual({
    kind: 'left-behind',
    space: { name, cluster: 'default' },
    from: { name: departingUser.name, handle: departingUser.handle },
    count: objects.length,
    command: removalCommand(namespace, objects),
  })

  const { id } = await readSpace(broker.as(newOwner), { name })
  await reconcileSpace(broker.system(), id)
  await gateway.untilBound(namespace, newOwner)
  const theirs = await gateway.credential(newOwner, { namespace })
  const [, ...args] = removalCommand(namespace, objects).split(' ')
  const ran = await theirs.run(args)
  expect(ran.code, ran.all).toBe(0)
  expect((await readPersonPage(admin, { handle: departingUser.handle })).remainingAccess).toEqual([])
})
