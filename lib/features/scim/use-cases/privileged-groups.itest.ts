/**
 * Privileged groups (they give a platform role, decide, or are exempt) can be pushed only if the operator lists them.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { policyScene } from '#dev/testing/fixtures/policy-scene.ts'
import { provision, tokenOf } from '#dev/testing/fixtures/provisioning-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { savePerson } from '#lib/auth/db/save-person.ts'
import { readPolicy } from '#lib/features/policy/use-cases/read-policy.ts'
import { listRequests } from '#lib/features/requests/use-cases/list-requests.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { platformRoleOf } from '#lib/kernel/model/access/role.ts'
import { makeHandle } from '#lib/kernel/model/people/handle.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { deleteGroup } from './delete-group.ts'

let fixture: BrokerFixture
let admin: Actor
let scene: ReturnType<typeof policyScene>
/** The admin’s id in SCIM: a push that removes the last admin's right to sign in is refused. */
let boss: string
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  admin = await fixture.person('padmin', { platformRole: 'admin' })
  scene = policyScene(fixture, admin)
  boss = await provision((await tokenOf(fixture, { makers: [] })).idp, admin)
})
beforeEach(() => scene.reset())
afterAll(() => fixture.close())

const decidedBy = (group: string): Partial<PolicyRules> => ({
  spaceRequests: { deciders: { who: 'group', issuer: issuerOfTests, group }, approvals: 1 },
})
const exempting = (group: string): Partial<PolicyRules> => ({ exemptGroups: [{ issuer: issuerOfTests, group }] })
const refused = { code: 'scim_unlisted', status: 403 }

describe.each<
  [
    string,
    (group: string) => {
      roles?: { adminGroups: string[]; auditorGroups: string[] }
      signInGroups?: string[]
      rules?: Partial<PolicyRules>
    },
  ]
>([
  ['makes platform admins', (group) => ({ roles: { adminGroups: [group], auditorGroups: [] } })],
  ['makes auditors', (group) => ({ roles: { adminGroups: [], auditorGroups: [group] } })],
  ['lets people sign in', (group) => ({ signInGroups: [group] })],
  ['decides on requests', (group) => ({ rules: decidedBy(group) })],
  ['is exempt', (group) => ({ rules: exempting(group) })],
])('a group that %s', (_, setUp) => {
  test('can’t be pushed, renamed to or from, changed or deleted unless it is listed', async () => {
    const [group, other] = [uniqueName('privileged'), uniqueName('other')]
    const { roles, rules, ...limits } = setUp(group)
    const known = await fixture.person('known')
    // Pushed before the group became privileged.
    const before = await tokenOf(fixture, { makers: [] })
    const member = await provision(before.idp, known)
    const { id } = await before.push(group, [member, boss])
    if (rules) await scene.save(rules)

    const token = await tokenOf(fixture, { makers: [], ...limits, ...(roles && { roles }) })
    const operations = [
      { op: 'add', path: 'members', value: [{ value: member }] },
      { op: 'remove', path: `members[value eq "${member}"]` },
      { op: 'replace', path: 'displayName', value: other },
      { op: 'replace', path: 'externalId', value: 'x' },
    ]
    for (const operation of operations) await expect(token.patch(id, operation)).rejects.toMatchObject(refused)
    await expect(token.put(id, group, [])).rejects.toMatchObject(refused)
    await expect(deleteGroup(token.idp, { id, ifMatch: null })).rejects.toMatchObject(refused)
    const { rows } = await fixture.owner.query(
      `SELECT action, outcome::text, reason, actor_id FROM audit_event WHERE target_id = $1 AND reason IS NOT NULL ORDER BY seq DESC LIMIT 1`,
      [id],
    )
    expect(rows).toEqual([
      { action: 'provisioning.group-delete', outcome: 'refused', reason: 'scim_unlisted', actor_id: token.tokenId },
    ])

    const listing = await tokenOf(fixture, { makers: [], listed: [group], ...limits, ...(roles && { roles }) })
    await listing.put(id, group, [boss])
    await listing.patch(id, { op: 'replace', path: 'displayName', value: other })
    await expect(token.patch(id, { op: 'replace', path: 'displayName', value: group })).rejects.toMatchObject(refused)
    await expect(token.push(group, [])).rejects.toMatchObject(refused)
    await listing.push(group, [member, boss])
  })
})

test('a push removes no platform role that a person has by name', async () => {
  const group = uniqueName('admins')
  const roles = { adminGroups: [group], auditorGroups: [] }
  const token = await tokenOf(fixture, { makers: [], listed: [group], roles })
  const { id } = await token.push(group, [])
  const subjects = { named: randomUUID(), auditing: randomUUID(), grouped: randomUUID() }
  const byName = { named: 'admin', auditing: 'auditor', grouped: 'member' } as const
  await deleteGroup(token.idp, { id, ifMatch: null })
  for (const [who, subject] of Object.entries(subjects))
    await savePerson(
      fixture.services.db,
      {
        ...{ issuer: issuerOfTests, subject, name: who, email: '', emailUnverified: false, leftOut: [] },
        groups: [group],
        platformRoleOf: (names) => platformRoleOf(names, roles),
        listed: [group],
        admission: {
          signInGroups: [],
          decide: () => null,
          named: { bySubject: byName[who as keyof typeof byName], byAddress: 'member', address: null },
        },
        at: new Date(),
      },
      () => makeHandle(who, randomUUID().slice(0, 6)),
      async () => {},
    )
  const rolesNow = async () => {
    const { rows } = await fixture.owner.query(
      'SELECT name, platform_role::text AS role FROM user_account WHERE subject = ANY ($1) ORDER BY name',
      [Object.values(subjects)],
    )
    return Object.fromEntries(rows.map(({ name, role }) => [name, role]))
  }
  expect(await rolesNow()).toEqual({ auditing: 'admin', grouped: 'admin', named: 'admin' })
  await token.push(group, [])
  expect(await rolesNow()).toEqual({ auditing: 'auditor', grouped: 'member', named: 'admin' })
})

test('a push of an unlisted group neither gives nor removes the platform admin role', async () => {
  const group = uniqueName('admins')
  const roles = { adminGroups: [group], auditorGroups: [] }
  const subject = randomUUID()
  const signIn = async (listed: string[]) => {
    await savePerson(
      fixture.services.db,
      {
        ...{ issuer: issuerOfTests, subject, name: 'Boss', email: 'boss@example.com', emailUnverified: false },
        groups: [group],
        leftOut: [],
        platformRoleOf: (names) => platformRoleOf(names, roles),
        listed,
        at: new Date(),
      },
      () => makeHandle('boss', randomUUID().slice(0, 6)),
      async () => {},
    )
    const { rows } = await fixture.owner.query('SELECT platform_role FROM user_account WHERE subject = $1', [subject])
    return rows[0].platform_role
  }
  // Pushed before the configuration named it.
  const token = await tokenOf(fixture, { makers: [] })
  const outsider = await fixture.person('outsider')
  await token.push(group, [await provision(token.idp, outsider)])
  expect(await signIn([])).toBe('admin')
  expect(await signIn([group])).toBe('member')
})

test('only members from sign-ins decide and are exempt in an unlisted group, whether policy or push came first', async () => {
  const group = uniqueName('wardens')
  const [claimed, pushed, asker] = await Promise.all([
    fixture.person('claimed', { groups: [group] }),
    fixture.person('pushed'),
    fixture.person('asker'),
  ])
  const token = await tokenOf(fixture, { makers: [] })
  await token.push(group, [await provision(token.idp, pushed)])
  await scene.save({ ...decidedBy(group), ...exempting(group), spaceLimit: 0 })
  const listing = { policy: { ...fixture.services.policy, pushedPrivilegedGroups: [group] } }
  const page = await readPolicy(fixture.as(admin), {})
  expect(page).toMatchObject({ unstaffed: [], pushedUnlisted: [{ issuer: issuerOfTests, group }] })
  expect(await readPolicy(fixture.as(admin, listing), {})).toMatchObject({ unstaffed: [], pushedUnlisted: [] })

  const wish = () => ({ name: uniqueName('wished'), description: '', size: 'S' as const, endsAt: null })
  await requestSpace(await scene.arriving(asker), { ...wish(), reason: 'a test' })
  const waits = async (who: Actor, more = {}) => {
    const { policy } = await scene.arriving(who)
    return (await listRequests(fixture.as(who, { policy: { ...policy, ...more } }), { box: 'waiting' })).rows.length
  }
  const listed = { pushedPrivilegedGroups: [group] }
  expect(await waits(claimed)).toBe(1)
  expect(await waits(pushed)).toBe(0)
  expect(await waits(claimed, listed)).toBe(0)
  expect(await waits(pushed, listed)).toBe(1)

  // The transaction enforces the limit, even if the page assumed an exemption.
  const exempt = fixture.services.policy
  await createSpace(fixture.as(claimed, { policy: exempt }), wish())
  await expect(createSpace(fixture.as(pushed, { policy: exempt }), wish())).rejects.toMatchObject({
    code: expect.stringMatching(/^space_/),
  })
  await createSpace(fixture.as(pushed, { policy: { ...exempt, ...listed } }), wish())
})
