/** A token has no effect on the access of its makers. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { provision, reachOf, tokenOf } from '#dev/testing/fixtures/provisioning-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { savePerson } from '#lib/auth/db/save-person.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { readPersonPage } from '#lib/features/people/use-cases/read-person-page.ts'
import { selectUnstaffed } from '#lib/features/policy/db/policy-effects.ts'
import { parseUser } from '#lib/features/scim/protocol/user.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { listSpaces } from '#lib/features/spaces/use-cases/list-spaces.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { decidingBy } from '#lib/kernel/db/people/decides-sql.ts'
import { holdPolicy } from '#lib/kernel/db/policy/hold-policy.ts'
import { platformRoleOf } from '#lib/kernel/model/access/role.ts'
import { makeHandle } from '#lib/kernel/model/people/handle.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { changeUser } from './change-user.ts'
import { createUser } from './create-user.ts'

let fixture: BrokerFixture
/** The makers of the stolen token: its requester and its approver. */
let maker: Actor
let approver: Actor
let colleague: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

/** Creates people, a victim's space in which a group has a role, and that group. */
async function makeScene() {
  ;[maker, approver, colleague] = await Promise.all([
    fixture.person('maker', { platformRole: 'admin' }),
    fixture.person('approver', { platformRole: 'admin' }),
    fixture.person('colleague'),
  ])
  const victim = await fixture.person('victim')
  const [name, group] = [uniqueName('victims'), uniqueName('team')]
  await createSpace(fixture.as(victim), { name, description: '', size: 'S', endsAt: null })
  await addGrant(fixture.as(victim), { space: { name }, principal: `group:${group}`, role: 'editor' })
  const { id } = await readSpace(fixture.as(victim), { name })
  return { victim, name, group, id }
}

/** Everywhere that roles are read: portal, list, gateway, cluster. */
async function standingOf(who: Actor, { name, id }: { name: string; id: string }) {
  const ctx = fixture.as(who)
  const portal = await readSpace(ctx, { name }).then(
    ({ standing }) => standing,
    () => null,
  )
  const listed = (await listSpaces(ctx, { role: 'editor' })).rows.some((row) => row.id === id)
  return { portal, listed, ...(await reachOf(fixture, who, id)) }
}
const nothing = { portal: null, listed: false, gateway: false, cluster: false }
const editor = { portal: 'editor', listed: true, gateway: true, cluster: true }

test('a token can’t give its makers access by adding them to a group with a role; others get it', async () => {
  const scene = await makeScene()
  const thief = await tokenOf(fixture, { makers: [maker, approver] })
  const ids = await Promise.all([maker, approver, colleague].map((who) => provision(thief.idp, who)))
  await thief.push(scene.group, ids)
  expect(await standingOf(maker, scene)).toEqual(nothing)
  expect(await standingOf(approver, scene)).toEqual(nothing)
  expect(await standingOf(colleague, scene)).toEqual(editor)
  const page = await readPersonPage(fixture.as(approver), { handle: maker.handle })
  expect(page.person.groups).toEqual([{ name: scene.group, from: 'own-token' }])
})

test('nor by renaming or recreating a group that another token added them to', async () => {
  const scene = await makeScene()
  const operator = await tokenOf(fixture, { makers: [] })
  const ids = await Promise.all([maker, colleague].map((who) => provision(operator.idp, who)))
  const harmless = uniqueName('harmless')
  const { id } = await operator.push(harmless, ids)
  const thief = await tokenOf(fixture, { makers: [approver, maker] })
  await thief.patch(id, { op: 'replace', path: 'displayName', value: scene.group })
  expect(await standingOf(maker, scene)).toEqual(nothing)
  expect(await standingOf(colleague, scene)).toEqual(editor)
  // The operator's token sets both again.
  await operator.put(id, scene.group, ids)
  expect(await standingOf(maker, scene)).toEqual(editor)
  // The maker's token can't take these back with a partial change.
  await thief.patch(id, { op: 'replace', path: 'displayName', value: scene.group })
  expect(await standingOf(maker, scene)).toEqual(nothing)
})

test('the last token to set a membership counts, even if nothing else changes', async () => {
  const scene = await makeScene()
  const operator = await tokenOf(fixture, { makers: [] })
  const thief = await tokenOf(fixture, { makers: [maker] })
  const [member = '', other = ''] = await Promise.all([maker, colleague].map((who) => provision(thief.idp, who)))
  const { id } = await operator.push(scene.group, [other])
  await thief.patch(id, { op: 'add', path: 'members', value: [{ value: member }] })
  expect(await standingOf(maker, scene)).toEqual(nothing)
  await operator.patch(id, { op: 'add', path: 'members', value: [{ value: member }] })
  expect(await standingOf(maker, scene)).toEqual(editor)
  await thief.patch(id, { op: 'add', path: 'members', value: [{ value: member }] })
  expect(await standingOf(maker, scene)).toEqual(nothing)
  await operator.put(id, scene.group, [member, other])
  expect(await standingOf(maker, scene)).toEqual(editor)
})

test('a person who takes over a token loses the access it gave them', async () => {
  const scene = await makeScene()
  const token = await tokenOf(fixture, { makers: [maker] })
  await token.push(scene.group, [await provision(token.idp, approver)])
  expect(await standingOf(approver, scene)).toEqual(editor)
  await fixture.services.pool.query('INSERT INTO scim_token_maker (token_id, user_id) VALUES ($1, $2)', [
    token.tokenId,
    approver.userId,
  ])
  expect(await standingOf(approver, scene)).toEqual(nothing)
})

test('memberships pushed before tokens were recorded don’t count for any token’s makers', async () => {
  const scene = await makeScene()
  const operator = await tokenOf(fixture, { makers: [] })
  const ids = await Promise.all([maker, colleague].map((who) => provision(operator.idp, who)))
  const { id } = await operator.push(scene.group, ids)
  await tokenOf(fixture, { makers: [maker] })
  expect(await standingOf(maker, scene)).toEqual(editor)
  await fixture.owner.query('UPDATE scim_group_member SET stated_by_id = NULL WHERE group_id = $1', [id])
  expect(await standingOf(maker, scene)).toEqual(nothing)
  expect(await standingOf(colleague, scene)).toEqual(editor)
  await operator.put(id, scene.group, ids)
  await fixture.owner.query('UPDATE scim_group SET named_by_id = NULL WHERE id = $1', [id])
  expect(await standingOf(maker, scene)).toEqual(nothing)
})

test('a token can’t make its makers approvers, exempt or platform admins, even with a listed group', async () => {
  await makeScene()
  const group = uniqueName('privileged')
  const roles = { adminGroups: [group], auditorGroups: [] }
  const listed = [group]
  const signIn = (groups: string[]) =>
    savePerson(
      fixture.services.db,
      {
        issuer: issuerOfTests,
        subject: maker.userId,
        name: 'Maker',
        email: 'maker@example.com',
        emailUnverified: false,
        groups,
        leftOut: [],
        platformRoleOf: (names) => platformRoleOf(names, roles),
        listed,
        at: new Date(),
      },
      () => makeHandle('maker', randomUUID().slice(0, 6)),
      async () => {},
    )
  const roleNow = async () => {
    await signIn([group])
    const { rows } = await fixture.owner.query('SELECT platform_role FROM user_account WHERE id = $1', [maker.userId])
    return rows[0].platform_role
  }
  const privileged = () =>
    inTransaction(fixture.services.db, (tx) => holdPolicy(tx, maker.userId, false, listed)).then(
      (held) => held.privilegedGroups,
    )
  const unstaffed = () =>
    selectUnstaffed(fixture.services.pool, [{ group, issuer: issuerOfTests }], { issuers: [issuerOfTests], listed })
  expect(decidingBy(fixture.services.policy, { issuers: [], listed }).listed).toEqual(listed)

  const operator = await tokenOf(fixture, { makers: [], roles, listed })
  const thief = await tokenOf(fixture, { makers: [approver, maker], roles, listed })
  // Otherwise the token stops because its maker is no longer an admin.
  await fixture.owner.query('UPDATE scim_token_maker SET responsible = false WHERE token_id = $1 AND user_id = $2', [
    thief.tokenId,
    maker.userId,
  ])
  const member = await provision(operator.idp, maker)
  expect(await roleNow()).toBe('admin')
  const { id } = await operator.push(group, [])
  expect(await roleNow()).toBe('member')
  await thief.patch(id, { op: 'add', path: 'members', value: [{ value: member }] })
  expect(await roleNow()).toBe('member')
  expect(await privileged()).toEqual([])
  expect(await unstaffed()).toHaveLength(1)
  await operator.patch(id, { op: 'add', path: 'members', value: [{ value: member }] })
  expect(await roleNow()).toBe('admin')
  expect(await privileged()).toEqual([group])
  expect(await unstaffed()).toEqual([])
  // Their own token sets the membership again, and the role ends immediately.
  await thief.patch(id, { op: 'add', path: 'members', value: [{ value: member }] })
  const { rows } = await fixture.owner.query('SELECT platform_role FROM user_account WHERE id = $1', [maker.userId])
  expect(rows[0].platform_role).toBe('member')
})

test('a token can’t reactivate its makers', async () => {
  await makeScene()
  const operator = await tokenOf(fixture, { makers: [] })
  const thief = await tokenOf(fixture, { makers: [maker, approver] })
  const id = await provision(operator.idp, maker)
  const setActive = ({ idp }: typeof operator, value: boolean) =>
    changeUser(idp, { id, ifMatch: null, change: { patch: [{ op: 'replace', path: 'active', value }] } })
  await setActive(operator, false)
  await expect(setActive(thief, true)).rejects.toMatchObject({ code: 'scim_shut_out' })
  expect((await setActive(operator, true)).active).toBe(true)
})

test('a token creates its makers only under their own names, so that another token can’t mistake them for others', async () => {
  await makeScene()
  const thief = await tokenOf(fixture, { makers: [maker, approver] })
  const create = (userName: string, { userId }: Actor) =>
    createUser(thief.idp, parseUser({ userName, externalId: userId }, 'externalId'))
  await expect(create(colleague.email, maker)).rejects.toMatchObject({ code: 'scim_mutability' })
  await expect(create(uniqueName('any'), approver)).rejects.toMatchObject({ code: 'scim_mutability' })
  const { rowCount } = await fixture.owner.query('SELECT FROM scim_user WHERE user_id = ANY ($1)', [
    [maker.userId, approver.userId],
  ])
  expect(rowCount).toBe(0)
  await create(maker.email.toUpperCase(), maker)
  await create(approver.email.split('@')[0] ?? '', approver)
  // Other people may have any name.
  await create(uniqueName('any'), colleague)
})

test('a token can’t change how its makers are matched, so that another token can’t mistake them for others', async () => {
  await makeScene()
  const thief = await tokenOf(fixture, { makers: [maker, approver] })
  const operator = await tokenOf(fixture, { makers: [] })
  const id = await provision(operator.idp, maker)
  const rename = ({ idp }: typeof operator, value: string) =>
    changeUser(idp, { id, ifMatch: null, change: { patch: [{ op: 'replace', path: 'userName', value }] } })
  await expect(rename(thief, uniqueName('somebody-else'))).rejects.toMatchObject({ code: 'scim_mutability' })
  expect(await rename(operator, uniqueName('renamed'))).toMatchObject({ id })
})
