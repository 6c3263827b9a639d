import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { createCredential } from '#lib/features/credentials/use-cases/create-credential.ts'
import { checkAllForDrift } from '#lib/kernel/reconcile/check-all-for-drift.ts'
import { expireDue } from '#lib/kernel/reconcile/expire-due.ts'
import { reconcileSpace } from '#lib/kernel/reconcile/reconcile-space.ts'
import { repairDrift } from '#lib/kernel/reconcile/repair-drift.ts'
import { connectClusters } from '#lib/kube/client/cluster.ts'
import { createSpace } from './create-space.ts'
import { deleteSpace } from './delete-space.ts'
import { listSpaces } from './list-spaces.ts'
import { readSpace } from './read-space.ts'
import { retrySpace } from './retry-space.ts'
import { updateSpace } from './update-space.ts'

const run = promisify(execFile)
const kubectl = async (...args: string[]): Promise<string> =>
  (await run(inject('binaries').kubectl, ['--kubeconfig', inject('kubeAdmin'), ...args])).stdout.trim()
const may = (handle: string, namespace: string, verb: string, resource: string): Promise<boolean> =>
  kubectl(
    'auth',
    'can-i',
    verb,
    resource,
    '-n',
    namespace,
    '--as',
    `system:serviceaccount:spaceport-users:${handle}`,
  ).then(
    (answer) => answer === 'yes',
    () => false,
  )

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
  await fixture.forgetProof()
})
afterAll(() => fixture.close())

const plain = { description: '', size: 'S' as const, endsAt: null }

async function eventually<T>(look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const value = await look()
    if (holds(value)) return value
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the condition was not met within 40 s')
}

/** A binding takes effect, and stops, a moment after it is written or deleted. */
const untilMay = (...asked: Parameters<typeof may>) =>
  eventually(
    () => may(...asked),
    (answer) => answer,
  )
const untilMayNot = (...asked: Parameters<typeof may>) =>
  eventually(
    () => may(...asked),
    (answer) => !answer,
  )

/** Deleting one namespace among many takes its time. */
const untilSettled = (id: string) =>
  vi.waitFor(async () => expect(await reconcileSpace(fixture.system(), id)).toMatchObject({ settled: true }), 120_000)

test('a created space is ready, isolated, limited and open to its owner alone', async () => {
  const owner = await fixture.person('lifecycle')
  const stranger = await fixture.person('stranger')
  const name = uniqueName('life')
  const created = await createSpace(fixture.as(owner), { ...plain, name, description: 'to test' })
  expect(created.settled).toBe(true)
  const space = await readSpace(fixture.as(owner), { name })
  expect(space).toMatchObject({ status: 'ready', standing: 'owner', failure: null, changing: false })
  expect(space.steps.map(({ name: step, state }) => `${step} ${state}`)).toEqual([
    'namespace done',
    'limits done',
    'access done',
    'verified done',
  ])
  const namespace = JSON.parse(await kubectl('get', 'namespace', name, '-o', 'json'))
  expect(namespace.metadata.labels).toMatchObject({
    'spaceport.dev/managed-by': 'spaceport',
    'spaceport.dev/space-id': space.id,
    'pod-security.kubernetes.io/enforce': 'baseline',
  })
  expect(await kubectl('get', 'resourcequota,limitrange,networkpolicy,rolebinding', '-n', name, '-o', 'name')).toBe(
    [
      'resourcequota/spaceport',
      'limitrange/spaceport',
      'networkpolicy.networking.k8s.io/spaceport-isolation',
      'rolebinding.rbac.authorization.k8s.io/spaceport:admin',
    ].join('\n'),
  )
  expect(await may(owner.handle, name, 'create', 'deployments')).toBe(true)
  expect(await may(stranger.handle, name, 'get', 'pods')).toBe(false)
  expect(await fixture.trailOf(space.id)).toEqual([{ action: 'space.create', outcome: 'ok', reason: null }])
})

test('a failed create names the step and the reason, and one retry finishes it', async () => {
  const owner = await fixture.person('retry')
  const name = uniqueName('retry')
  // A client that is exempt from the fences can't prove them.
  const unfenced = connectClusters({ kubeconfig: inject('kubeAdmin'), clusters: [] })
  expect(await createSpace(fixture.as(owner, { clusters: unfenced }), { ...plain, name })).toMatchObject({
    settled: false,
  })
  const failed = await readSpace(fixture.as(owner), { name })
  expect(failed).toMatchObject({ status: 'failed', failure: { code: 'fences_missing' } })
  expect(failed.failure?.message).toMatch(/^Access: .*admission policies aren’t in force/)
  expect(failed.steps.map(({ name: step, state }) => `${step} ${state}`)).toEqual([
    'namespace done',
    'limits done',
    'access failed',
    'verified waiting',
  ])
  await retrySpace(fixture.as(owner), { space: { name } })
  expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ status: 'ready', failure: null })
  await unfenced.close()
})

test('an existing namespace is never adopted, changed or deleted', async () => {
  const owner = await fixture.person('adopt')
  const name = uniqueName('foreign')
  await kubectl('create', 'namespace', name)
  const before = await kubectl('get', 'namespace', name, '-o', 'yaml')
  await expect(createSpace(fixture.as(owner), { ...plain, name })).rejects.toMatchObject({ code: 'namespace_taken' })
  expect(await kubectl('get', 'namespace', name, '-o', 'yaml')).toBe(before)
  expect((await listSpaces(fixture.as(owner), {})).rows).toEqual([])
})

test('a space that can’t be created is rolled back after an hour, and the namespace of that name is left alone', async () => {
  const owner = await fixture.person('unmade')
  const name = uniqueName('unmade')
  await createSpace(fixture.as(owner), { ...plain, name })
  const { id } = await readSpace(fixture.as(owner), { name })
  // As if a process had died before creating the namespace, and someone else had created it.
  const { rowCount } = await fixture.owner.query(
    `UPDATE space SET status = 'creating', namespace_uid = NULL, creation = 'another', observed_generation = 0 WHERE id = $1`,
    [id],
  )
  expect(rowCount).toBe(1)
  await reconcileSpace(fixture.system(), id)
  await expireDue(fixture.system())
  const failed = await readSpace(fixture.as(owner), { name })
  expect(failed).toMatchObject({ status: 'failed', failure: { code: 'namespace_taken' } })
  await fixture.owner.query(`UPDATE space SET created_at = now() - interval '61 minutes' WHERE id = $1`, [id])
  await expireDue(fixture.system())
  await reconcileSpace(fixture.system(), id)
  await expect(readSpace(fixture.as(owner), { name })).rejects.toMatchObject({ code: 'not_found' })
  expect(await kubectl('get', 'namespace', name, '-o', 'jsonpath={.status.phase}')).toBe('Active')
  expect((await fixture.trailOf(id)).at(-1)).toMatchObject({ action: 'space.delete', outcome: 'ok' })
})

test('if two people create a space with the same name at once, exactly one gets it', async () => {
  const [a, b] = await Promise.all([fixture.person('racer'), fixture.person('racer')])
  const name = uniqueName('race')
  const results = await Promise.allSettled([a, b].map((actor) => createSpace(fixture.as(actor), { ...plain, name })))
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'name_taken' })
})

test('the limit holds against simultaneous creates', async () => {
  const owner = await fixture.person('greedy')
  const ctx = fixture.as(owner, { policy: { ...fixture.services.policy, spaceLimit: 2 } })
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => createSpace(ctx, { ...plain, name: uniqueName('many') })),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'space_limit' })
})

test('unfinished deletions count against the limit once they reach it', async () => {
  const owner = await fixture.person('hydra')
  const ctx = fixture.as(owner, { policy: { ...fixture.services.policy, spaceLimit: 1 } })
  for (let round = 0; round < 2; round++) {
    const name = uniqueName('head')
    await createSpace(ctx, { ...plain, name })
    // This test doesn't wait for the namespace to be gone.
    await deleteSpace(ctx, { space: { name }, confirmation: name })
  }
  await expect(createSpace(ctx, { ...plain, name: uniqueName('head') })).rejects.toMatchObject({ code: 'space_limit' })
})

test('members get what their role grants, and nothing once it is removed', async () => {
  const [owner, viewer] = await Promise.all([fixture.person('sharer'), fixture.person('viewer')])
  const name = uniqueName('shared')
  await createSpace(fixture.as(owner), { ...plain, name })
  await addGrant(fixture.as(owner), { space: { name }, principal: viewer.handle, role: 'viewer', endsAt: null })
  await untilMay(viewer.handle, name, 'get', 'pods')
  expect(await may(viewer.handle, name, 'get', 'secrets')).toBe(false)
  expect(await may(viewer.handle, name, 'delete', 'pods')).toBe(false)
  const { grants } = await listGrants(fixture.as(owner), { name })
  await removeGrant(fixture.as(owner), { space: { name }, grantId: grants[0]?.id ?? '' })
  await untilMayNot(viewer.handle, name, 'get', 'pods')
  await expect(readSpace(fixture.as(viewer), { name })).rejects.toMatchObject({ code: 'not_found' })
})

test('a group’s grant applies to the people in it', async () => {
  const group = uniqueName('team')
  const [owner, member] = await Promise.all([fixture.person('lead'), fixture.person('mate', { groups: [group] })])
  const name = uniqueName('team')
  await createSpace(fixture.as(owner), { ...plain, name })
  await addGrant(fixture.as(owner), { space: { name }, principal: `group:${group}`, role: 'editor', endsAt: null })
  await untilMay(member.handle, name, 'create', 'deployments')
  expect((await listSpaces(fixture.as(member), {})).rows.map((row) => [row.name, row.standing])).toEqual([
    [name, 'editor'],
  ])
})

test('an expired role is removed from the cluster and recorded in the trail', async () => {
  const [owner, guest] = await Promise.all([fixture.person('host'), fixture.person('guest')])
  const name = uniqueName('guests')
  await createSpace(fixture.as(owner), { ...plain, name })
  const ends = new Date(Date.now() + 3_600_000)
  await addGrant(fixture.as(owner), {
    space: { name },
    principal: `user:${guest.handle}`,
    role: 'editor',
    endsAt: ends,
  })
  const { id } = await readSpace(fixture.as(owner), { name })
  const later = fixture.system({ clock: () => new Date(ends.getTime() + 1) })
  await expireDue(later)
  await reconcileSpace(later, id)
  await untilMayNot(guest.handle, name, 'get', 'pods')
  expect(await fixture.trailOf(id)).toContainEqual({ action: 'grant.end', outcome: 'ok', reason: null })
})

test('a change leaves alone what it doesn’t mention', async () => {
  const [owner, guest] = await Promise.all([fixture.person('host'), fixture.person('guest')])
  const space = { name: uniqueName('partly') }
  const endsAt = new Date(Date.now() + 86_400_000)
  await createSpace(fixture.as(owner), { ...plain, ...space, description: 'as it was', endsAt })
  await addGrant(fixture.as(owner), { space, principal: guest.handle, role: 'viewer', endsAt })
  const grantId = (await listGrants(fixture.as(owner), space)).grants[0]?.id ?? ''
  await changeGrant(fixture.as(owner), { space, grantId, role: 'editor' })
  await updateSpace(fixture.as(owner), { space, description: 'as it is' })
  const { grants } = await listGrants(fixture.as(owner), space)
  expect(grants).toMatchObject([{ role: 'editor', endsAt }])
  expect(await readSpace(fixture.as(owner), space)).toMatchObject({ description: 'as it is', endsAt })
})

test('removing one of two roles reports the remaining one', async () => {
  const group = uniqueName('team')
  const [owner, mate] = await Promise.all([fixture.person('lead'), fixture.person('mate', { groups: [group] })])
  const space = { name: uniqueName('twice') }
  await createSpace(fixture.as(owner), { ...plain, ...space })
  for (const [principal, role] of [
    [mate.handle, 'admin'],
    [`group:${group}`, 'viewer'],
  ] as const)
    await addGrant(fixture.as(owner), { space, principal, role, endsAt: null })
  const { grants } = await listGrants(fixture.as(owner), space)
  const idOf = (role: string) => grants.find((grant) => grant.role === role)?.id ?? ''
  expect(await removeGrant(fixture.as(owner), { space, grantId: idOf('admin') })).toMatchObject({ left: 'viewer' })
  expect(await removeGrant(fixture.as(owner), { space, grantId: idOf('viewer') })).toMatchObject({
    principal: { kind: 'group' },
    left: null,
  })
})

test('drift of our objects is repaired and recorded', async () => {
  const owner = await fixture.person('drift')
  const name = uniqueName('drift')
  await createSpace(fixture.as(owner), { ...plain, name })
  const { id } = await readSpace(fixture.as(owner), { name })
  expect(await repairDrift(fixture.system(), id)).toEqual([])
  await kubectl('delete', 'networkpolicy', 'spaceport-isolation', '-n', name)
  await kubectl(
    'patch',
    'resourcequota',
    'spaceport',
    '-n',
    name,
    '--type=merge',
    '-p',
    '{"spec":{"hard":{"pods":"999"}}}',
  )
  expect((await repairDrift(fixture.system(), id)).sort()).toEqual([
    'NetworkPolicy/spaceport-isolation',
    'ResourceQuota/spaceport',
  ])
  expect(await kubectl('get', 'resourcequota', 'spaceport', '-n', name, '-o', 'jsonpath={.spec.hard.pods}')).toBe('20')
  expect(await fixture.trailOf(id)).toContainEqual({ action: 'space.drift-repaired', outcome: 'ok', reason: null })
})

test('drift that could not be repaired is recorded as failed, and the queue goes on', async () => {
  const owner = await fixture.person('drift')
  const name = uniqueName('drift')
  await createSpace(fixture.as(owner), { ...plain, name })
  const { id } = await readSpace(fixture.as(owner), { name })
  await kubectl('delete', 'networkpolicy', 'spaceport-isolation', '-n', name)
  // A client that is exempt from the fences can't prove them.
  const unfenced = connectClusters({ kubeconfig: inject('kubeAdmin'), clusters: [] })
  await expect(repairDrift(fixture.system({ clusters: unfenced }), id)).rejects.toMatchObject({
    code: 'fences_missing',
  })
  await unfenced.close()
  const failedRepair = { action: 'space.drift-repaired', outcome: 'failed', reason: 'fences_missing' }
  expect(await fixture.trailOf(id)).toContainEqual(failedRepair)
  expect((await readSpace(fixture.as(owner), { name })).failure).toMatchObject({ code: 'fences_missing' })
  // As its job does.
  await reconcileSpace(fixture.system(), id)
  expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ status: 'ready', failure: null })
})

test('the full pass restores a person who is missing on the cluster', async () => {
  const owner = await fixture.person('lost')
  await createSpace(fixture.as(owner), { ...plain, name: uniqueName('lost') })
  await kubectl('delete', 'serviceaccount', owner.handle, '-n', 'spaceport-users')
  await checkAllForDrift(fixture.system(), 'default')
  expect(await kubectl('get', 'serviceaccount', owner.handle, '-n', 'spaceport-users', '-o', 'name')).toBe(
    `serviceaccount/${owner.handle}`,
  )
})

test('the number of credentials in a short time is limited', async () => {
  const owner = await fixture.person('hoarder')
  const name = uniqueName('hoard')
  await createSpace(fixture.as(owner), { ...plain, name })
  const results: PromiseSettledResult<unknown>[] = []
  for (let count = 0; count < 40; count++)
    results.push(...(await Promise.allSettled([createCredential(fixture.as(owner), { space: { name } })])))
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused.length).toBe(10)
  for (const result of refused) expect(result.reason).toMatchObject({ code: 'rate_limited' })
})

test('a size within policy is changed on the cluster; a larger one is not', async () => {
  const owner = await fixture.person('grower')
  const name = uniqueName('grow')
  await createSpace(fixture.as(owner), { ...plain, name })
  await updateSpace(fixture.as(owner), { space: { name }, size: 'M' })
  expect(await kubectl('get', 'resourcequota', 'spaceport', '-n', name, '-o', 'jsonpath={.spec.hard.pods}')).toBe('50')
  await expect(updateSpace(fixture.as(owner), { space: { name }, size: 'L' })).rejects.toMatchObject({
    code: 'size_limit',
  })
})

test('an admin who may not delete a space can’t set an end date or an earlier one', async () => {
  const [owner, helper] = [await fixture.person('keeper'), await fixture.person('helper')]
  const space = { name: uniqueName('kept') }
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
  await createSpace(fixture.as(owner), { ...plain, name: space.name })
  await addGrant(fixture.as(owner), { space, principal: helper.handle, role: 'admin', endsAt: null })
  const refused = { code: 'forbidden', fields: { endsAt: expect.stringContaining('Only the owner') } }
  await expect(updateSpace(fixture.as(helper), { space, endsAt: inDays(1) })).rejects.toMatchObject(refused)
  const end = inDays(10)
  await updateSpace(fixture.as(owner), { space, endsAt: end })
  await expect(updateSpace(fixture.as(helper), { space, endsAt: inDays(9) })).rejects.toMatchObject(refused)
  await updateSpace(fixture.as(helper), { space, endsAt: inDays(11) })
  await updateSpace(fixture.as(helper), { space, endsAt: null, description: 'for longer' })
  await updateSpace(fixture.as(owner), { space, endsAt: inDays(2) })
})

// These wait for namespaces to be deleted, side by side.
test.concurrent('a deleted space’s namespace is gone, its name is free again, and its credentials have ended', async () => {
  const owner = await fixture.person('deleter')
  const name = uniqueName('gone')
  await createSpace(fixture.as(owner), { ...plain, name })
  const { id } = await readSpace(fixture.as(owner), { name })
  await expect(deleteSpace(fixture.as(owner), { space: { name }, confirmation: 'other' })).rejects.toMatchObject({
    code: 'confirmation_mismatch',
  })
  await deleteSpace(fixture.as(owner), { space: { name }, confirmation: name })
  expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ status: 'deleting' })
  await untilSettled(id)
  await expect(readSpace(fixture.as(owner), { name })).rejects.toMatchObject({ code: 'not_found' })
  expect(await kubectl('get', 'namespace', name, '--ignore-not-found')).toBe('')
  expect((await createSpace(fixture.as(owner), { ...plain, name })).settled).toBe(true)
})

test.concurrent('another namespace that has since taken the name survives the deletion of the space', async () => {
  const owner = await fixture.person('swapped')
  const name = uniqueName('swap')
  await createSpace(fixture.as(owner), { ...plain, name })
  const { id } = await readSpace(fixture.as(owner), { name })
  await kubectl('delete', 'namespace', name)
  await kubectl('create', 'namespace', name)
  await deleteSpace(fixture.as(owner), { space: { name }, confirmation: name })
  expect(await reconcileSpace(fixture.system(), id)).toEqual({ settled: true })
  expect(await kubectl('get', 'namespace', name, '-o', 'jsonpath={.status.phase}')).toBe('Active')
})
