/** What provisioning can change about people and their access, and what it can't. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { untilBlockedBy } from '#dev/testing/database/until-blocked.ts'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { addScimToken } from '#dev/testing/fixtures/scim-client.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { savePerson } from '#lib/auth/db/save-person.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createCredential } from '#lib/features/credentials/use-cases/create-credential.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { offboardPerson } from '#lib/features/offboarding/use-cases/offboard-person.ts'
import { deactivatePerson } from '#lib/features/people/use-cases/deactivate-person.ts'
import { reactivatePerson } from '#lib/features/people/use-cases/reactivate-person.ts'
import { readPersonPage } from '#lib/features/people/use-cases/read-person-page.ts'
import { foldGroupPatch, parseGroup } from '#lib/features/scim/protocol/group.ts'
import { parsePatch } from '#lib/features/scim/protocol/parse-patch.ts'
import { patchOp } from '#lib/features/scim/protocol/urns.ts'
import { parseUser } from '#lib/features/scim/protocol/user.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { isInGroup } from '#lib/kernel/db/people/group-members.ts'
import { subjectSpellings } from '#lib/kernel/db/people/subject-pseudonym.ts'
import { type PlatformRole, platformRoleOf } from '#lib/kernel/model/access/role.ts'
import { makeHandle } from '#lib/kernel/model/people/handle.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { changeGroup } from './change-group.ts'
import { changeUser } from './change-user.ts'
import { createGroup } from './create-group.ts'
import { createUser } from './create-user.ts'
import { deleteGroup } from './delete-group.ts'
import { deleteUser } from './delete-user.ts'
import { ProvisionerContext } from './provisioner-context.ts'
import { revokeProvisioningToken } from './revoke-token.ts'

let fixture: BrokerFixture
let admin: Actor
let tokenId: string
let idp: ProvisionerContext
/** Groups that give platform roles; new ones in each test. */
let roles: { adminGroups: string[]; auditorGroups: string[] }
/** Listed groups: they may be pushed although they give a platform role. */
let listed: string[]

beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  admin = await fixture.person('admin', { platformRole: 'admin' })
  tokenId = (await addScimToken(fixture.owner, admin)).id
})
afterAll(() => fixture.close())
beforeEach(() => {
  roles = { adminGroups: [uniqueName('admins')], auditorGroups: [uniqueName('auditors')] }
  listed = [...roles.adminGroups, ...roles.auditorGroups]
  idp = provisioner()
})

const provisioner = (subject: 'externalId' | 'userName' = 'externalId', token = tokenId, subjectClaim = 'sub') =>
  new ProvisionerContext({
    ...fixture.services,
    provisioner: { tokenId: token, name: 'tests', makers: [admin.handle] },
    policy: { ...fixture.services.policy, pushedPrivilegedGroups: listed },
    settings: { subject, subjectClaim, ...roles, base: 'https://spaceport.test/scim/v2' },
    origin: { observer: 'web/test', requestId: 'test', sourceAddress: '127.0.0.1' },
  })

const user = (externalId: string, more: object = {}) =>
  parseUser({ userName: `${externalId}@example.com`, externalId, ...more }, 'externalId')
const setActive = (id: string, active: boolean) =>
  changeUser(idp, { id, ifMatch: null, change: { patch: [{ op: 'replace', path: 'active', value: active }] } })
const push = (displayName: string, members: readonly string[] = []) =>
  createGroup(idp, parseGroup({ displayName, members: members.map((value) => ({ value })) }))
const patchGroup = (id: string, ...Operations: object[]) =>
  changeGroup(idp, {
    id,
    ifMatch: null,
    change: foldGroupPatch(parsePatch({ schemas: [patchOp], Operations })),
    withMembers: true,
  })

/** A sign-in at the provider, as `admitPerson` stores it. */
const signIn = (subject: string, groups: string[] = [], issuer = issuerOfTests) =>
  savePerson(
    fixture.services.db,
    {
      issuer,
      subject,
      name: 'Signed In',
      email: 'in@example.com',
      emailUnverified: false,
      groups,
      leftOut: [],
      platformRoleOf: (names) => platformRoleOf(names, roles),
      listed,
      at: new Date(),
    },
    () => makeHandle('in', randomUUID().slice(0, 6)),
    async () => {},
  )

type Account = {
  id: string
  handle: string
  name: string
  issuer: string
  platform_role: PlatformRole
  deactivated_at: Date | null
  deactivated_by_id: string | null
  deactivated_by_token_id: string | null
  never_signed_in: boolean
}
const accountOf = async (subject: string): Promise<Account> => {
  const { rows } = await fixture.owner.query(`SELECT * FROM user_account WHERE subject = $1`, [subject])
  expect(rows.length).toBe(1)
  return rows[0]
}
/** A person as in their session. */
const memberAs = (userId: string, handle: string): Actor => ({
  ...admin,
  userId,
  handle,
  platformRole: 'member',
  isEligible: false,
})
const subjectOf = ({ userId }: Actor) => userId
const memberOf = (subject: string, group: string) =>
  accountOf(subject).then(({ id }) => isInGroup(fixture.services.db, id, { group, issuer: issuerOfTests }))

/** @returns the trail's entries about a target, oldest first */
async function trailOf(targetId: string) {
  const { rows } = await fixture.owner.query(
    `SELECT e.action, e.actor_kind AS kind, e.actor_id AS actor, e.actor_name AS name, coalesce(o.outcome, e.outcome)::text AS outcome,
       e.detail || coalesce(o.detail, '{}') AS detail
     FROM audit_event e LEFT JOIN audit_event o ON o.intent_id = e.id
     WHERE e.intent_id IS NULL AND coalesce(o.target_id, e.target_id) = $1 ORDER BY e.seq`,
    [targetId],
  )
  return rows
}

describe('a person', () => {
  test('can be given a role before their first sign-in, and is the same person afterwards', async () => {
    const subject = uniqueName('newcomer')
    await createUser(idp, user(subject, { displayName: 'New Comer', emails: [{ value: 'new@example.com' }] }))
    const before = await accountOf(subject)
    expect(before).toMatchObject({ name: 'New Comer', platform_role: 'member', never_signed_in: true })
    const owner = await fixture.person('owner')
    const space = { name: uniqueName('given') }
    await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
    await addGrant(fixture.as(owner), { space, principal: `user:${before.handle}`, role: 'editor', endsAt: null })
    // The provider spells its issuer with a trailing slash, the configuration doesn't.
    const { id, handle } = await signIn(subject, [], `${issuerOfTests}/`)
    expect({ id, handle }).toEqual({ id: before.id, handle: before.handle })
    expect(await accountOf(subject)).toMatchObject({ never_signed_in: false, issuer: `${issuerOfTests}/` })
    expect((await readSpace(fixture.as(memberAs(id, handle)), space)).standing).toBe('editor')
    expect(await trailOf(before.id)).toMatchObject([
      {
        action: 'provisioning.user-create',
        kind: 'scim',
        actor: tokenId,
        name: `token of ${admin.handle}: tests`,
        outcome: 'ok',
      },
    ])
  })

  test('who already has an account is linked to it, and the account doesn’t change', async () => {
    const someone = await fixture.person('someone', { platformRole: 'admin', groups: ['team'] })
    await createUser(idp, user(subjectOf(someone), { displayName: 'Mallory', emails: [{ value: 'm@example.com' }] }))
    expect(await accountOf(subjectOf(someone))).toMatchObject({
      id: someone.userId,
      name: someone.name,
      platform_role: 'admin',
      deactivated_at: null,
    })
  })

  test('with two accounts, after the issuer’s spelling changed, is linked to the one they sign in with now', async () => {
    const subject = uniqueName('respelled')
    const older = await signIn(subject)
    const newer = await signIn(subject, [], `${issuerOfTests}/`)
    await createUser(idp, user(subject, { active: false }))
    const { rows } = await fixture.owner.query('SELECT id, deactivated_at FROM user_account WHERE subject = $1', [
      subject,
    ])
    const isOut = new Map(rows.map(({ id, deactivated_at }) => [id, deactivated_at !== null]))
    expect([isOut.get(older.id), isOut.get(newer.id)]).toEqual([false, true])
  })

  test('can’t become someone else: neither PUT nor PATCH changes the attribute that holds their subject', async () => {
    const target = await fixture.person('target', { platformRole: 'admin' })
    const subject = uniqueName('climber')
    const { id } = await createUser(idp, user(subject))
    const taking = [
      { replaceBy: user(subjectOf(target)) },
      { patch: [{ op: 'replace' as const, path: 'externalId', value: subjectOf(target) }] },
      { patch: [{ op: 'replace' as const, path: undefined, value: { externalId: subjectOf(target) } }] },
    ]
    for (const change of taking)
      await expect(changeUser(idp, { id, ifMatch: null, change })).rejects.toMatchObject({ code: 'scim_mutability' })
    const change = { patch: [{ op: 'remove' as const, path: 'externalId', value: undefined }] }
    await expect(changeUser(idp, { id, ifMatch: null, change })).rejects.toMatchObject({ code: 'scim_value' })
    const byName = provisioner('userName')
    const named = await createUser(byName, parseUser({ userName: uniqueName('named') }, 'userName'))
    const rename = { patch: [{ op: 'replace' as const, path: 'userName', value: uniqueName('renamed') }] }
    await expect(changeUser(byName, { id: named.id, ifMatch: null, change: rename })).rejects.toMatchObject({
      code: 'scim_mutability',
    })
  })

  test('is not created without a subject, or with one that no sign-in can have', async () => {
    for (const externalId of [undefined, '', 'a b', 'ä', 'x'.repeat(256)])
      await expect(
        createUser(idp, parseUser({ userName: uniqueName('nobody'), externalId }, 'externalId')),
      ).rejects.toMatchObject({ code: 'scim_value' })
  })

  test('provisioned and signing in at the same moment gets one account', async () => {
    for (let round = 0; round < 5; round++) {
      const subject = uniqueName('race')
      await Promise.all([createUser(idp, user(subject)), signIn(subject)])
      expect(await accountOf(subject)).toMatchObject({ never_signed_in: false })
    }
  })
})

describe('deactivation and reactivation', () => {
  test('active: false deactivates immediately, like an admin, with the token as the actor; active: true undoes it', async () => {
    const departingUser = await fixture.person('departing')
    const space = { name: uniqueName('left') }
    await createSpace(fixture.as(departingUser), { ...space, description: '', size: 'S', endsAt: null })
    await createCredential(fixture.as(departingUser), { space })
    await fixture.owner.query(
      `INSERT INTO session (id, token_hash, user_id, expires_at) VALUES ($1, sha256($2::bytea), $3, now() + interval '1 hour')`,
      [randomUUID(), departingUser.userId, departingUser.userId],
    )
    const { id } = await createUser(idp, user(subjectOf(departingUser)))
    expect((await setActive(id, false)).active).toBe(false)
    const left = await fixture.owner.query(
      `SELECT (SELECT count(*)::int FROM session WHERE user_id = $1) AS sessions,
         (SELECT count(*)::int FROM credential WHERE user_id = $1 AND revoked_at IS NULL) AS credentials`,
      [departingUser.userId],
    )
    expect(left.rows[0]).toEqual({ sessions: 0, credentials: 0 })
    expect(await accountOf(subjectOf(departingUser))).toMatchObject({
      deactivated_by_id: null,
      deactivated_by_token_id: tokenId,
    })
    expect((await signIn(subjectOf(departingUser))).deactivatedAt).not.toBeNull()
    expect(await setActive(id, false)).toMatchObject({ active: false })
    expect((await setActive(id, true)).active).toBe(true)
    expect(await accountOf(subjectOf(departingUser))).toMatchObject({
      deactivated_at: null,
      deactivated_by_token_id: null,
    })
    const rows = await trailOf(departingUser.userId)
    expect(rows.map(({ action }) => action)).toEqual([
      'provisioning.user-create',
      'provisioning.user-change',
      'person.deactivate',
      'provisioning.user-change',
      'person.reactivate',
    ])
    expect(rows[2]).toMatchObject({ kind: 'scim', actor: tokenId, detail: { sessions: 1, credentials: 1, spaces: 1 } })
  })

  test('provisioning can’t undo an admin’s deactivation in any way; an admin can', async () => {
    const person = await fixture.person('stopped')
    const { id } = await createUser(idp, user(subjectOf(person)))
    await deactivatePerson(fixture.as(admin), { id: person.userId, reason: 'a test' })
    const whole = user(subjectOf(person), { active: true, title: 'changed' })
    await expect(setActive(id, true)).rejects.toMatchObject({ code: 'scim_shut_out', status: 409 })
    await expect(changeUser(idp, { id, ifMatch: null, change: { replaceBy: whole } })).rejects.toMatchObject({
      code: 'scim_shut_out',
    })
    // A second deactivation doesn't turn it into provisioning's.
    await setActive(id, false)
    await expect(setActive(id, true)).rejects.toMatchObject({ code: 'scim_shut_out' })
    await deleteUser(idp, { id, ifMatch: null })
    await expect(createUser(idp, user(subjectOf(person)))).rejects.toMatchObject({ code: 'scim_shut_out' })
    expect((await accountOf(subjectOf(person))).deactivated_by_id).toBe(admin.userId)
    await reactivatePerson(fixture.as(admin), { id: person.userId, reason: 'a test' })
    expect(await createUser(idp, user(subjectOf(person)))).toMatchObject({ active: true })
  })

  test('provisioning can’t undo an offboarding, even after its own deactivation; the groups are deleted', async () => {
    const person = await fixture.person('gone')
    const { id } = await createUser(idp, user(subjectOf(person)))
    const group = uniqueName('team')
    const { version } = await push(group, [id])
    await setActive(id, false)
    await offboardPerson(fixture.as(admin), {
      id: person.userId,
      reason: 'a test',
      confirmation: person.handle,
      rest: null,
    })
    expect(await memberOf(subjectOf(person), group)).toBe(false)
    const { rows } = await fixture.owner.query('SELECT version FROM scim_group WHERE display_name = $1', [group])
    expect(rows[0].version).toBeGreaterThan(Number(version))
    await expect(setActive(id, true)).rejects.toMatchObject({ code: 'scim_shut_out' })
    expect((await accountOf(subjectOf(person))).deactivated_at).not.toBeNull()
  })

  test('provisioning doesn’t reveal who is behind a pseudonym, active or inactive', async () => {
    const person = await fixture.person('forgotten')
    const subject = subjectOf(person)
    const [spelling] = subjectSpellings(issuerOfTests, subject).slice(-1)
    await fixture.owner.query(
      `UPDATE user_account SET subject = $2, handle = $3, name = 'Former person', email = $3 || '@person.invalid', deactivated_at = now() WHERE id = $1`,
      [person.userId, spelling, `former-${person.userId.slice(0, 8)}`],
    )
    for (const active of [true, false]) {
      const again = createUser(idp, user(subject, { active, displayName: 'Forgotten Fred' }))
      await expect(again).rejects.toMatchObject({ code: 'scim_shut_out' })
    }
    const { rows } = await fixture.owner.query(
      `SELECT (SELECT count(*)::int FROM scim_user WHERE user_id = $1) AS provisioned,
        (SELECT array_agg(detail->>'userName') FROM audit_event WHERE target_id = $1::text AND action = 'provisioning.user-create') AS said`,
      [person.userId],
    )
    const handle = `former-${person.userId.slice(0, 8)}`
    expect(rows).toEqual([{ provisioned: 0, said: [handle, handle] }])
  })

  test('a deleted person stays deactivated; only an admin can reactivate them, as the same person', async () => {
    const subject = uniqueName('returns')
    const { id } = await createUser(idp, user(subject))
    const before = await accountOf(subject)
    await deleteUser(idp, { id, ifMatch: null })
    const deleted = await accountOf(subject)
    expect(deleted).toMatchObject({ id: before.id, deactivated_at: expect.any(Date), deactivated_by_token_id: null })
    await expect(createUser(idp, user(subject))).rejects.toMatchObject({ code: 'scim_shut_out' })
    expect((await signIn(subject)).deactivatedAt).not.toBeNull()
    const inactive = await createUser(idp, user(subject, { active: false }))
    expect(inactive.active).toBe(false)
    await expect(setActive(inactive.id, true)).rejects.toMatchObject({ code: 'scim_shut_out' })
    expect((await accountOf(subject)).deactivated_at).not.toBeNull()
    await deleteUser(idp, { id: inactive.id, ifMatch: null })
    await reactivatePerson(fixture.as(admin), { id: before.id, reason: 'a test' })
    await createUser(idp, user(subject))
    expect((await accountOf(subject)).handle).toBe(before.handle)
  })

  test('platform admins can be deactivated while another remains; the others are notified and the trail has their number', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => fixture.person('boss', { platformRole: 'admin' })))
    if (!one || !two) throw new Error('no admins')
    const { id } = await createUser(idp, user(subjectOf(one)))
    await setActive(id, false)
    const { rows: events } = await listInbox(fixture.as(two), {})
    const told = { kind: 'admins-lost', people: [{ name: one.name, handle: one.handle }], count: 1 }
    expect(events).toMatchObject([{ event: told }])
    const rows = await trailOf(one.userId)
    expect(rows.find(({ action }) => action === 'person.deactivate').detail).toMatchObject({
      wasPlatformAdmin: true,
      adminsLeft: expect.any(Number),
    })
  })
})

describe('groups', () => {
  /** A space in which a group has a role. */
  async function sharedWith(group: string) {
    const owner = await fixture.person('owner', { groups: [group] })
    const space = { name: uniqueName('shared') }
    await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
    await addGrant(fixture.as(owner), { space, principal: `group:${group}`, role: 'editor', endsAt: null })
    const generation = async () =>
      (await fixture.owner.query('SELECT generation FROM space WHERE name = $1', [space.name])).rows[0].generation
    return { space, generation }
  }
  const mayRead = async (subject: string, space: { name: string }) => {
    const { id, handle } = await accountOf(subject)
    return readSpace(fixture.as(memberAs(id, handle)), space).then(
      ({ standing }) => standing,
      () => null,
    )
  }

  test('a pushed group’s access starts and ends immediately with its members, its name, and the group', async () => {
    const group = uniqueName('pushed')
    const { space, generation } = await sharedWith(group)
    const subject = uniqueName('member')
    const { id } = await createUser(idp, user(subject))
    const moved = async (change: () => Promise<unknown>) => {
      const before = await generation()
      await change()
      expect(await generation()).toBeGreaterThan(before)
      return mayRead(subject, space)
    }
    let groupId = ''
    expect(await moved(async () => (groupId = (await push(group, [id])).id))).toBe('editor')
    expect(await moved(() => patchGroup(groupId, { op: 'remove', path: `members[value eq "${id}"]` }))).toBe(null)
    expect(await moved(() => patchGroup(groupId, { op: 'add', path: 'members', value: [{ value: id }] }))).toBe(
      'editor',
    )
    expect(await moved(() => patchGroup(groupId, { op: 'replace', path: 'displayName', value: `${group}-2` }))).toBe(
      null,
    )
    expect(await moved(() => patchGroup(groupId, { op: 'replace', path: 'displayName', value: group }))).toBe('editor')
    expect(await moved(() => deleteGroup(idp, { id: groupId, ifMatch: null }))).toBe(null)
    expect(await trailOf(groupId)).toMatchObject([
      { action: 'provisioning.group-create', detail: { joinedCount: 1 } },
      { action: 'provisioning.group-change', detail: { leftCount: 1, left: [expect.stringMatching(/^member/)] } },
      { action: 'provisioning.group-change' },
      { action: 'provisioning.group-change', detail: { renamedTo: `${group}-2` } },
      { action: 'provisioning.group-change' },
      { action: 'provisioning.group-delete' },
    ])
  })

  test('sign-ins, old or new, don’t count for a pushed group', async () => {
    const group = uniqueName('claimed')
    const { space } = await sharedWith(group)
    const subject = uniqueName('claims')
    await signIn(subject, [group])
    expect(await mayRead(subject, space)).toBe('editor')
    const pushed = await push(group)
    expect(await mayRead(subject, space)).toBe(null)
    await signIn(subject, [group])
    expect(await mayRead(subject, space)).toBe(null)
    const { handle } = await accountOf(subject)
    const { person } = await readPersonPage(fixture.as(admin), { handle })
    expect(person.groups).toEqual([{ name: group, from: 'overruled' }])
    // Another provider's group of the same name is another group.
    await fixture.owner.query(`UPDATE scim_group SET issuer = 'https://other.test' WHERE id = $1`, [pushed.id])
    expect(await mayRead(subject, space)).toBe('editor')
    await fixture.owner.query(`UPDATE scim_group SET issuer = $2 WHERE id = $1`, [pushed.id, issuerOfTests])
    await deleteGroup(idp, { id: pushed.id, ifMatch: null })
    expect(await mayRead(subject, space)).toBe(null)
    await signIn(subject, [group])
    expect(await mayRead(subject, space)).toBe('editor')
  })

  test('a pushed group doesn’t expire like groups from sign-ins', async () => {
    const group = uniqueName('fresh')
    const subject = uniqueName('quiet')
    const { id } = await createUser(idp, user(subject))
    await push(group, [id])
    const { id: userId } = await accountOf(subject)
    await fixture.owner.query(`UPDATE user_account SET groups_verified_at = now() - interval '90 days' WHERE id = $1`, [
      userId,
    ])
    const { space } = await sharedWith(uniqueName('other'))
    expect(await memberOf(subject, group)).toBe(true)
    expect(await mayRead(subject, space)).toBe(null)
  })

  test('a push never gives a platform role, but removes it immediately, regardless of sign-ins', async () => {
    const [group = ''] = roles.adminGroups
    const [auditors = ''] = roles.auditorGroups
    const [stays, falls, climbs] = [uniqueName('stays'), uniqueName('falls'), uniqueName('climbs')]
    await signIn(stays, [group])
    await signIn(falls, [group, auditors])
    const [a, c] = [await createUser(idp, user(stays)), await createUser(idp, user(climbs))]
    const { id } = await push(group, [a.id, c.id])
    const roleOf = async (subject: string) => (await accountOf(subject)).platform_role
    expect([await roleOf(stays), await roleOf(falls), await roleOf(climbs)]).toEqual(['admin', 'auditor', 'member'])
    await signIn(falls, [group])
    expect(await roleOf(falls)).toBe('member')
    await signIn(climbs, [])
    expect(await roleOf(climbs)).toBe('member')
    await patchGroup(id, { op: 'remove', path: `members[value eq "${a.id}"]` })
    expect(await roleOf(stays)).toBe('member')
    await signIn(stays, [group])
    expect(await roleOf(stays)).toBe('member')
    await patchGroup(id, { op: 'add', path: 'members', value: [{ value: a.id }] })
    expect(await roleOf(stays)).toBe('member')
    await signIn(stays, [group])
    expect(await roleOf(stays)).toBe('admin')
    await deleteGroup(idp, { id, ifMatch: null })
    expect(await roleOf(stays)).toBe('member')
  })

  test('removing a member while they sign in as an admin leaves them without the role', async () => {
    const [group = ''] = roles.adminGroups
    for (let round = 0; round < 5; round++) {
      const subject = uniqueName('racer')
      const { id } = await createUser(idp, user(subject))
      const pushed = await push(group, [id])
      await Promise.all([
        signIn(subject, [group]),
        patchGroup(pushed.id, { op: 'remove', path: `members[value eq "${id}"]` }),
      ])
      expect((await accountOf(subject)).platform_role).toBe('member')
      await deleteGroup(idp, { id: pushed.id, ifMatch: null })
    }
  })
})

test('a person deleted during a push is unknown, and the push changes nothing', async () => {
  const { id } = await createUser(idp, user(uniqueName('vanishing')))
  const group = await push(uniqueName('pushed'))
  const client = await fixture.owner.connect()
  try {
    await client.query('BEGIN')
    await client.query('DELETE FROM scim_user WHERE id = $1', [id])
    const add = { op: 'add', path: 'members', value: [{ value: id }] }
    const result = patchGroup(group.id, add).catch((error: unknown) => error)
    await untilBlockedBy(client, fixture.owner)
    await client.query('COMMIT')
    expect(await result).toMatchObject({ code: 'scim_value' })
  } finally {
    client.release()
  }
})

test('a token revoked while its change waits changes nothing', async () => {
  const { id } = await addScimTokenAs(1)
  const ctx = provisioner('externalId', id)
  const subject = uniqueName('late')
  const client = await fixture.owner.connect()
  try {
    await client.query('BEGIN')
    await client.query('UPDATE scim_token SET revoked_at = now() WHERE id = $1', [id])
    const result = createUser(ctx, user(subject)).catch((error: unknown) => error)
    await untilBlockedBy(client, fixture.owner)
    await client.query('COMMIT')
    expect(await result).toMatchObject({ code: 'scim_token' })
  } finally {
    client.release()
  }
  expect((await fixture.owner.query('SELECT FROM user_account WHERE subject = $1', [subject])).rowCount).toBe(0)
})

test('revoking a token doesn’t wait for its changes, which then change nothing', async () => {
  const { id } = await addScimTokenAs(1)
  const subject = uniqueName('slow')
  const { id: scimId } = await createUser(idp, user(subject))
  const { id: userId } = await accountOf(subject)
  const slow = provisioner('externalId', id)
  const client = await fixture.owner.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT FROM user_account WHERE id = $1 FOR UPDATE', [userId])
    const change = deleteUser(slow, { id: scimId, ifMatch: null }).catch((error: unknown) => error)
    await untilBlockedBy(client, fixture.owner)
    await revokeProvisioningToken(fixture.as(admin), { id })
    await client.query('COMMIT')
    expect(await change).toMatchObject({ code: 'scim_token' })
  } finally {
    client.release()
  }
  expect((await accountOf(subject)).deactivated_at).toBeNull()
})

/** A second token besides the tests' own. */
async function addScimTokenAs(slot: number): Promise<{ id: string }> {
  const id = randomUUID()
  await fixture.owner.query(
    `INSERT INTO scim_token (id, name, slot, token_hash, created_at, created_by_id) VALUES ($1, 'x', $2, sha256($3::bytea), now(), $4)`,
    [id, slot, id, admin.userId],
  )
  return { id }
}
