import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { leaveSpace } from '#lib/features/access/use-cases/leave-space.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { decideRequest } from './decide-request.ts'
import { readRequest } from './read-request.ts'
import { requestHash } from './request-hash.ts'
import { requestRole } from './request-role.ts'
import { requestSize } from './request-size.ts'

let fixture: BrokerFixture
let owner: Actor
let asker: Actor
let admin: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
})
beforeEach(async () => {
  ;[owner, asker, admin] = await Promise.all([
    fixture.person('owner'),
    fixture.person('asker'),
    fixture.person('padmin', { platformRole: 'admin', groups: ['platform-admins'] }),
  ])
})
afterAll(() => fixture.close())

async function makeSpace(of = owner) {
  const name = uniqueName('attacked')
  await createSpace(fixture.as(of), { name, description: '', size: 'S', endsAt: null })
  return readSpace(fixture.as(of), { name })
}
const askFor = (who: Actor, name: string) =>
  requestRole(fixture.as(who), { space: { name }, role: 'editor', minutes: 60, reason: 'to help' })
const hashSeenBy = async (who: Actor, id: string) => (await readRequest(fixture.as(who), { id })).payloadHash
const approve = (who: Actor, id: string, payloadHash: string) =>
  decideRequest(fixture.as(who), { id, payloadHash, decision: 'approve', reason: '' })
const grantsIn = async (spaceId: string) =>
  (await fixture.owner.query('SELECT user_id FROM space_grant WHERE space_id = $1', [spaceId])).rows
const giveTo = (person: Actor, spaceId: string) =>
  fixture.owner.query('UPDATE space SET owner_id = $1 WHERE id = $2', [person.userId, spaceId])

test('a member of the approver group cannot decide on their own request', async () => {
  const { name, id: spaceId } = await makeSpace()
  const { id } = await askFor(admin, name)
  await expect(approve(admin, id, await hashSeenBy(admin, id))).rejects.toMatchObject({ code: 'own_request' })
  expect(await grantsIn(spaceId)).toEqual([])
})

test('a second account with the same provider and subject cannot exist', async () => {
  const twin = fixture.owner.query(
    `INSERT INTO user_account (id, issuer, subject, handle, name, email, platform_role)
     SELECT $1, issuer, subject, handle || '-2', name, email, 'admin' FROM user_account WHERE id = $2`,
    [randomUUID(), asker.userId],
  )
  await expect(twin).rejects.toMatchObject({ code: '23505', constraint: 'user_account_issuer_subject_key' })
})

test('a requester who has become the owner cannot approve their own request, nor can the former owner', async () => {
  const { name, id: spaceId } = await makeSpace()
  const { id } = await askFor(asker, name)
  const hash = await hashSeenBy(owner, id)
  await giveTo(asker, spaceId)
  await expect(approve(asker, id, hash)).rejects.toMatchObject({ code: 'own_request' })
  await expect(approve(owner, id, hash)).rejects.toMatchObject({ code: 'not_found' })
  await expect(approve(admin, id, hash)).rejects.toMatchObject({ code: 'request_closed' })
  expect(await grantsIn(spaceId)).toEqual([])
})

test('editing a request row’s payload, requester, reason or space voids its approvals', async () => {
  const { name, id: spaceId } = await makeSpace()
  const own = await makeSpace(asker)
  const edits = [
    `UPDATE request SET payload = jsonb_set(payload, '{role}', '"admin"') WHERE id = $1`,
    `UPDATE request SET payload = jsonb_set(payload, '{minutes}', 'null') WHERE id = $1`,
    `UPDATE request SET requester_id = '${owner.userId}' WHERE id = $1`,
    `UPDATE request SET reason = 'please' WHERE id = $1`,
    `UPDATE request SET space_id = '${own.id}' WHERE id = $1`,
  ]
  for (const edit of edits) {
    const guest = await fixture.person('guest')
    const { id } = await askFor(guest, name)
    const hash = await hashSeenBy(admin, id)
    await fixture.owner.query(edit, [id])
    await expect(approve(admin, id, hash), edit).rejects.toMatchObject({ code: 'request_changed' })
    if (edit.includes('space_id'))
      await expect(approve(asker, id, hash), 'the owner of the other space').rejects.toMatchObject({
        code: 'request_changed',
      })
  }
  expect(await grantsIn(spaceId)).toEqual([])
})

test('a payload replaced together with its hash no longer matches what the approver saw', async () => {
  const { name, id: spaceId } = await makeSpace()
  const { id } = await askFor(asker, name)
  const shown = await readRequest(fixture.as(owner), { id })
  if (shown.payload.kind !== 'role') throw new Error('not a role')
  const payload = { ...shown.payload, role: 'admin' as const }
  const hash = requestHash(asker.userId, payload, 'to help')
  await fixture.owner.query('UPDATE request SET payload = $1, payload_hash = $2 WHERE id = $3', [payload, hash, id])
  await expect(approve(owner, id, shown.payloadHash)).rejects.toMatchObject({ code: 'request_changed' })
  expect(await grantsIn(spaceId)).toEqual([])
})

test('a role approved by two people at once is granted once', async () => {
  const { name, id: spaceId } = await makeSpace()
  const { id } = await askFor(asker, name)
  const hash = await hashSeenBy(owner, id)
  const results = await Promise.allSettled([approve(owner, id, hash), approve(admin, id, hash)])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await grantsIn(spaceId)).toHaveLength(1)
  await expect(approve(owner, id, hash)).rejects.toMatchObject({ code: 'request_closed' })
})

test('an expired request cannot be approved, even before a worker records the expiry', async () => {
  const { name, id: spaceId } = await makeSpace()
  const { id } = await askFor(asker, name)
  const hash = await hashSeenBy(owner, id)
  await fixture.owner.query('UPDATE request SET expires_at = now() WHERE id = $1', [id])
  await expect(approve(owner, id, hash)).rejects.toMatchObject({ code: 'request_closed' })
  expect(await grantsIn(spaceId)).toEqual([])
})

test('an approver who loses the right between opening the page and clicking cannot approve', async () => {
  const { name, id: spaceId } = await makeSpace()
  const platformAdmin = await fixture.person('platform-admin', { platformRole: 'admin' })
  const { id } = await askFor(asker, name)
  const hash = await hashSeenBy(platformAdmin, id)
  await fixture.owner.query(`UPDATE user_account SET platform_role = 'member' WHERE id = $1`, [platformAdmin.userId])
  await expect(approve(platformAdmin, id, hash)).rejects.toMatchObject({ code: 'not_found' })
  await fixture.owner.query(`UPDATE user_account SET platform_role = 'admin', deactivated_at = now() WHERE id = $1`, [
    platformAdmin.userId,
  ])
  await expect(approve(platformAdmin, id, hash)).rejects.toMatchObject({ code: 'deactivated' })
  expect(await grantsIn(spaceId)).toEqual([])
})

test('a deactivated requester gets nothing', async () => {
  const { name, id: spaceId } = await makeSpace()
  const departingUser = await fixture.person('departing')
  const { id } = await askFor(departingUser, name)
  const hash = await hashSeenBy(owner, id)
  await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [departingUser.userId])
  await expect(approve(owner, id, hash)).rejects.toMatchObject({ code: 'request_closed' })
  expect(await grantsIn(spaceId)).toEqual([])
})

test('a size requested by a former admin of the space is not applied', async () => {
  const { name, id: spaceId } = await makeSpace()
  const helper = await fixture.person('helper')
  await addGrant(fixture.as(owner), { space: { name }, principal: helper.handle, role: 'admin', endsAt: null })
  const { id } = await requestSize(fixture.as(helper), { space: { name }, size: 'L', reason: 'it grew' })
  const hash = await hashSeenBy(admin, id)
  await leaveSpace(fixture.as(helper), { space: { name } })
  await expect(approve(admin, id, hash)).rejects.toMatchObject({ code: 'request_closed' })
  expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ id: spaceId, size: 'S' })
})
