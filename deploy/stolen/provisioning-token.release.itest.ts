/**
 * Steals a provisioning token, and tests each sentence about it in identities.ts. lib/features/scim tests SCIM itself.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { addScimToken } from '#dev/testing/fixtures/scim-client.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { readSession } from '#lib/auth/session/read-session.ts'
import { deactivatePerson } from '#lib/features/people/use-cases/deactivate-person.ts'
import { parseUser } from '#lib/features/scim/protocol/user.ts'
import { authenticateProvisioner } from '#lib/features/scim/use-cases/authenticate-provisioner.ts'
import { changeUser } from '#lib/features/scim/use-cases/change-user.ts'
import { createGroup } from '#lib/features/scim/use-cases/create-group.ts'
import { createUser } from '#lib/features/scim/use-cases/create-user.ts'
import { listUsers } from '#lib/features/scim/use-cases/read-provisioned.ts'
import { revokeProvisioningToken } from '#lib/features/scim/use-cases/revoke-token.ts'
import { selectAccess } from '#lib/gateway/db/select-access.ts'
import { hashTokenHex } from '#lib/kernel/credentials/token.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { stolenIdentities } from './identities.ts'

let portal: BrokerFixture
let admin: Actor
let stolen: { id: string; token: string }
beforeAll(async () => {
  portal = await openBrokerFixture()
  admin = await portal.person('admin', { platformRole: 'admin' })
  stolen = await addScimToken(portal.owner, admin)
})
afterAll(() => portal.close())

const settings = {
  subject: 'externalId',
  subjectClaim: 'sub',
  adminGroups: [uniqueName('admins')],
  auditorGroups: [],
  base: '',
} as const
const origin = { observer: 'web/test', requestId: 'stolen' } as const
const asThief = async (token = stolen.token) => {
  const thief = await authenticateProvisioner(portal.services, settings, { token, origin })
  if (!thief) throw new Error('the token is not in force')
  return thief
}
const user = (person: Actor) => parseUser({ userName: person.handle, externalId: person.userId }, 'externalId')

describe(stolenIdentities.provisioningToken.name, () => {
  test('adds people and deactivates anyone, also an admin while another one remains, and reads only what was provisioned', async () => {
    await portal.person('another', { platformRole: 'admin' })
    const victim = await portal.person('victim', { platformRole: 'admin' })
    const thief = await asThief()
    const { id } = await createUser(thief, user(victim))
    const change = { patch: [{ op: 'replace' as const, path: 'active', value: false }] }
    expect((await changeUser(thief, { id, ifMatch: null, change })).active).toBe(false)
    const { users } = await listUsers(thief, { filter: null, startIndex: 1, count: 100 })
    expect(users.map(({ userName }) => userName)).toEqual([victim.handle])
  })

  test('can’t make anyone an admin, or reactivate a person whom an admin deactivated', async () => {
    const [climber, shut] = [await portal.person('climber'), await portal.person('shut')]
    const thief = await asThief()
    const { id } = await createUser(thief, user(climber))
    const admins = { displayName: settings.adminGroups[0], externalId: undefined, members: [id] }
    await expect(createGroup(thief, admins)).rejects.toMatchObject({ code: 'scim_unlisted' })
    const { rows } = await portal.owner.query('SELECT platform_role::text AS role FROM user_account WHERE id = $1', [
      climber.userId,
    ])
    expect(rows).toEqual([{ role: 'member' }])
    await deactivatePerson(portal.as(admin), { id: shut.userId, reason: 'a test' })
    await expect(createUser(thief, user(shut))).rejects.toMatchObject({ code: 'scim_shut_out' })
  })

  test('is no session, no credential, and can’t be read from the database', async () => {
    expect(await readSession(portal.services, stolen.token)).toBeNull()
    expect(await selectAccess(portal.services.pool, [hashTokenHex(stolen.token)], 'open')).toEqual([])
    const { rows } = await portal.owner.query('SELECT t::text AS row FROM scim_token t')
    expect(JSON.stringify(rows)).not.toContain(stolen.token.slice(4))
  })

  test('can’t remove the last admin, and stops working with its creators', async () => {
    await portal.owner.query(`UPDATE user_account SET platform_role = 'member' WHERE id <> $1`, [admin.userId])
    const victim = await portal.person('last', { platformRole: 'admin' })
    const thief = await asThief()
    const { id } = await createUser(thief, user(victim))
    const change = { patch: [{ op: 'replace' as const, path: 'active', value: false }] }
    await expect(changeUser(thief, { id, ifMatch: null, change })).rejects.toMatchObject({ code: 'scim_last_admin' })
    await deactivatePerson(portal.as(victim), { id: admin.userId, reason: 'a test' })
    await expect(asThief()).rejects.toThrow('not in force')
    await expect(createUser(thief, user(await portal.person('late')))).rejects.toMatchObject({ code: 'scim_token' })
    await portal.owner.query(`UPDATE user_account SET platform_role = 'admin', deactivated_at = NULL WHERE id = $1`, [
      admin.userId,
    ])
  })

  test('is refused once an admin revokes it', async () => {
    const other = await addScimToken(portal.owner, admin)
    const thief = await asThief(other.token)
    await revokeProvisioningToken(portal.as(admin), { id: other.id })
    await expect(asThief(other.token)).rejects.toThrow('not in force')
    await expect(createUser(thief, user(await portal.person('late')))).rejects.toMatchObject({ code: 'scim_token' })
  })
})
