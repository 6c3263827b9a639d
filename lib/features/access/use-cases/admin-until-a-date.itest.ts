/** A temporary admin can't grant permissions on the cluster: a ServiceAccount would keep them after the role ends. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { mayPerson } from '#lib/kube/people/may-person.ts'
import { addGrant } from './add-grant.ts'
import { changeGrant } from './change-grant.ts'
import { listGrants } from './list-grants.ts'
import { removeGrant } from './remove-grant.ts'

let fixture: BrokerFixture
let owner: Actor
const space = { name: uniqueName('lent') }
const group = uniqueName('crew')
beforeAll(async () => {
  fixture = await openBrokerFixture()
  owner = await fixture.person('owner')
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
})
afterAll(() => fixture.close())

const tomorrow = new Date(Date.now() + 86_400_000)
const grantOf = async (who: string) => {
  const { grants } = await listGrants(fixture.as(owner), space)
  return (
    grants.find(({ principal }) => (principal.kind === 'user' ? principal.handle : principal.name) === who)?.id ?? ''
  )
}

const rbac = 'rbac.authorization.k8s.io'
/** Polls, because the API server applies bindings with a short delay. */
const expectOnCluster = (who: Actor, expected: 'gives rights' | 'works') =>
  expect
    .poll(
      async () => {
        const cluster = fixture.services.clusters.get('default')
        const may = (verb: string, group: string, resource: string) =>
          mayPerson(cluster, who.handle, { namespace: space.name, verb, group, resource })
        return Promise.all([
          may('create', 'apps', 'deployments'),
          may('create', rbac, 'rolebindings'),
          may('update', rbac, 'rolebindings'),
          may('create', rbac, 'roles'),
        ])
      },
      { timeout: 30_000 },
    )
    .toEqual([true, ...Array.from({ length: 3 }, () => expected === 'gives rights')])

const standingOf = async (who: Actor) => (await readSpace(fixture.as(who), space)).standing

test('a temporary admin works in the space and manages members but cannot grant cluster permissions; a permanent admin can', async () => {
  const [guest, friend] = [await fixture.person('guest'), await fixture.person('friend')]
  await addGrant(fixture.as(owner), { space, principal: guest.handle, role: 'admin', endsAt: tomorrow })
  await expectOnCluster(guest, 'works')
  expect(await standingOf(guest)).toBe('admin')
  await addGrant(fixture.as(guest), { space, principal: friend.handle, role: 'viewer', endsAt: tomorrow })

  const grantId = await grantOf(guest.handle)
  await changeGrant(fixture.as(owner), { space, grantId, endsAt: null })
  await expectOnCluster(guest, 'gives rights')
  await changeGrant(fixture.as(owner), { space, grantId, endsAt: tomorrow })
  await expectOnCluster(guest, 'works')
})

test('the same applies through a group, and one permanent grant is enough while it exists', async () => {
  const mate = await fixture.person('mate', { groups: [group] })
  await addGrant(fixture.as(owner), { space, principal: `group:${group}`, role: 'admin', endsAt: tomorrow })
  await expectOnCluster(mate, 'works')
  await addGrant(fixture.as(owner), { space, principal: mate.handle, role: 'admin', endsAt: null })
  await expectOnCluster(mate, 'gives rights')
  await removeGrant(fixture.as(owner), { space, grantId: await grantOf(mate.handle) })
  await expectOnCluster(mate, 'works')
  expect(await standingOf(mate)).toBe('admin')
})

test('an approver sees the cluster permissions of a requested role, and the approved role gives exactly those', async () => {
  const asker = await fixture.person('asker')
  const ask = async (minutes: number | null) => {
    const { id } = await requestRole(fixture.as(asker), { space, role: 'admin', minutes, reason: 'for the release' })
    return readRequest(fixture.as(owner), { id })
  }
  const givesRights = expect.objectContaining({ resource: `rolebindings.${rbac}`, sensitive: true })
  const short = await ask(10_080)
  expect(short).toMatchObject({ before: null, after: 'admin' })
  expect(short.gained).not.toContainEqual(givesRights)
  const { id, payloadHash } = short
  await decideRequest(fixture.as(owner), { id, payloadHash, decision: 'approve', reason: '', minutes: null })
  await expectOnCluster(asker, 'works')
  const open = await ask(null)
  expect(open).toMatchObject({ before: 'admin', after: 'admin' })
  expect(open.gained).toEqual([expect.objectContaining({ resource: `rolebindings.${rbac}` }), expect.anything()])
})

test('in a temporary space a permanent admin can grant permissions, since they are deleted with the space', async () => {
  const lasting = await fixture.person('lasting')
  await fixture.owner.query(`UPDATE space SET ends_at = now() + interval '1 day' WHERE name = $1`, [space.name])
  await addGrant(fixture.as(owner), { space, principal: lasting.handle, role: 'admin', endsAt: null })
  await expectOnCluster(lasting, 'gives rights')
  await expectOnCluster(owner, 'gives rights')
})
