/** Who can get a provisioning token, how long it works, and what stops it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { untilBlockedBy } from '#dev/testing/database/until-blocked.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { addScimToken, addTokenRequest } from '#dev/testing/fixtures/scim-client.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { savePerson } from '#lib/auth/db/save-person.ts'
import { listInbox } from '#lib/features/inbox/use-cases/list-inbox.ts'
import { offboardPerson } from '#lib/features/offboarding/use-cases/offboard-person.ts'
import { activateAdminRole } from '#lib/features/people/use-cases/activate-admin-role.ts'
import { deactivatePerson } from '#lib/features/people/use-cases/deactivate-person.ts'
import { endOwnAdminRole } from '#lib/features/people/use-cases/end-own-admin-role.ts'
import { parseUser } from '#lib/features/scim/protocol/user.ts'
import { createOwnerDb, type Db } from '#lib/kernel/db/client.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { platformRoleAt } from '#lib/kernel/model/people/platform-role.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { authenticateProvisioner } from './authenticate-provisioner.ts'
import { changeUser } from './change-user.ts'
import { createUser } from './create-user.ts'
import { approveProvisioningToken, declineProvisioningToken } from './decide-token-request.ts'
import { freezeProvisioning, unfreezeProvisioning } from './freeze-provisioning.ts'
import { createOperatorToken, revokeTokenByOperator } from './operator-tokens.ts'
import { listUsers } from './read-provisioned.ts'
import { readProvisioning } from './read-provisioning.ts'
import { askForProvisioningToken } from './request-token.ts'
import { revealProvisioningToken } from './reveal-token.ts'
import { revokeProvisioningToken } from './revoke-token.ts'
import { takeOverProvisioningToken } from './take-over-token.ts'

let fixture: BrokerFixture
let asker: Actor
let approver: Actor
let other: Actor

beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())
beforeEach(async () => {
  await fixture.owner.query('UPDATE scim_token SET revoked_at = now() WHERE revoked_at IS NULL')
  await fixture.owner.query('UPDATE provisioning_freeze SET ended_at = now() WHERE ended_at IS NULL')
  asker = await fixture.person('asker', { platformRole: 'admin' })
  approver = await fixture.person('approver', { platformRole: 'admin' })
  other = await fixture.person('other', { platformRole: 'admin' })
})

const dayMs = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * dayMs)
const reason = 'a test'
const ask = { name: 'Okta', expiresAt: inDays(90) }
const closed = { code: 'token_request_closed' }

const settings = { subject: 'externalId', subjectClaim: 'sub', adminGroups: [], auditorGroups: [], base: '' } as const
const origin = { observer: 'web/test', requestId: 'test', sourceAddress: '192.0.2.7' } as const
const provisioner = (token: string, more: Partial<Services> = {}) =>
  authenticateProvisioner({ ...fixture.services, ...more }, settings, { token, origin })
const works = async (token: string, more: Partial<Services> = {}) => (await provisioner(token, more)) !== null
async function mustProvision(token: string) {
  const ctx = await provisioner(token)
  if (!ctx) throw new Error('the token is not in force')
  return ctx
}
const user = (subject = uniqueName('person'), userName = subject) =>
  parseUser({ userName, externalId: subject }, 'externalId')
const inactive = { patch: [{ op: 'replace' as const, path: 'active', value: false }] }

/** A token that two admins created together. */
async function created(): Promise<{ id: string; token: string }> {
  const { id } = await askForProvisioningToken(fixture.as(asker), ask)
  await approveProvisioningToken(fixture.as(approver), { id })
  return revealProvisioningToken(fixture.as(asker), { id })
}
const eventsOf = async (actor: Actor) =>
  (await listInbox(fixture.as(actor), {})).rows.flatMap(({ event }) => (event ? [event] : []))
const sqlOf = (person: Actor, change: string) =>
  fixture.owner.query(`UPDATE user_account SET ${change} WHERE id = $1`, [person.userId])
const stateOf = async (id: string) =>
  (await readProvisioning(fixture.as(other))).tokens.find((token) => token.id === id)?.state

describe('a token', () => {
  test(' is created by two platform admins: one requests it, another approves it, and the first reveals it', async () => {
    const { id, token } = await created()
    expect(await works(token)).toBe(true)
    const { tokens } = await readProvisioning(fixture.as(other))
    expect(tokens.find((one) => one.id === id)).toMatchObject({
      state: 'in-force',
      name: 'Okta',
      expiresAt: ask.expiresAt,
      makers: expect.arrayContaining([
        { handle: asker.handle, name: asker.name, responsible: true, isAdmin: true },
        { handle: approver.handle, name: approver.name, responsible: true, isAdmin: true },
      ]),
    })
  })

  test('can’t be approved by another account of the requester, and counts as made by each of them', async () => {
    const twin = await fixture.person('twin', { platformRole: 'admin' })
    await fixture.owner.query(
      `UPDATE user_account SET subject = (SELECT subject FROM user_account WHERE id = $2),
         issuer = (SELECT rtrim(issuer, '/') || CASE WHEN issuer LIKE '%/' THEN '' ELSE '/' END FROM user_account WHERE id = $2) WHERE id = $1`,
      [twin.userId, asker.userId],
    )
    const { id } = await askForProvisioningToken(fixture.as(asker), ask)
    await expect(approveProvisioningToken(fixture.as(twin), { id })).rejects.toMatchObject({
      code: 'token_request_closed',
    })
    await approveProvisioningToken(fixture.as(approver), { id })
    await revealProvisioningToken(fixture.as(asker), { id })
    const { rows } = await fixture.owner.query(
      'SELECT user_id, responsible FROM scim_token_maker WHERE token_id = $1 ORDER BY user_id',
      [id],
    )
    const made = (who: Actor, responsible: boolean) => ({ user_id: who.userId, responsible })
    expect(rows).toEqual(
      [made(asker, true), made(approver, true), made(twin, false)].sort((a, b) => (a.user_id < b.user_id ? -1 : 1)),
    )
  })

  test('notifies all other platform admins when it is requested and created, and the requester when it is decided', async () => {
    await created()
    const by = { name: asker.name, handle: asker.handle }
    const approvedBy = { name: approver.name, handle: approver.handle }
    const all = [
      { kind: 'token-created', name: 'Okta', by, approvedBy },
      { kind: 'token-requested', name: 'Okta', by },
    ]
    expect(await eventsOf(other)).toMatchObject(all)
    expect(await eventsOf(approver)).toMatchObject(all)
    expect(await eventsOf(asker)).toMatchObject([{ kind: 'token-decided', decision: 'approved', by: approvedBy }])
  })

  test('is in the trail with requester, approver and who revealed it, under one id', async () => {
    const { id } = await created()
    const { rows } = await fixture.owner.query(
      `SELECT action, actor_id AS actor FROM audit_event WHERE target_id = $1 AND intent_id IS NULL ORDER BY seq`,
      [id],
    )
    expect(rows).toEqual([
      { action: 'provisioning.token-request', actor: asker.userId },
      { action: 'provisioning.token-approve', actor: approver.userId },
      { action: 'provisioning.token-create', actor: asker.userId },
    ])
  })

  test('needs an end date, in the future and within a year', async () => {
    for (const expiresAt of [inDays(-1), inDays(368)])
      await expect(askForProvisioningToken(fixture.as(asker), { ...ask, expiresAt })).rejects.toMatchObject({
        code: 'bad_input',
        fields: { expiresAt: expect.any(String) },
      })
    await askForProvisioningToken(fixture.as(asker), { ...ask, expiresAt: inDays(365) })
  })

  test('can be requested only once at a time by each admin', async () => {
    const { id } = await askForProvisioningToken(fixture.as(asker), ask)
    await expect(askForProvisioningToken(fixture.as(asker), ask)).rejects.toMatchObject({ code: 'token_request_open' })
    await declineProvisioningToken(fixture.as(asker), { id })
    await askForProvisioningToken(fixture.as(asker), ask)
  })

  test('can’t be revealed without an approval, nor approved by the requester, even from two tabs at once', async () => {
    const { id } = await askForProvisioningToken(fixture.as(asker), ask)
    await expect(revealProvisioningToken(fixture.as(asker), { id })).rejects.toMatchObject(closed)
    const tabs = Array.from({ length: 4 }, () =>
      approveProvisioningToken(fixture.as(asker), { id }).then(
        () => 'approved',
        ({ code }) => code,
      ),
    )
    expect(await Promise.all(tabs)).toEqual(Array(4).fill('own_request'))
    await expect(revealProvisioningToken(fixture.as(asker), { id })).rejects.toMatchObject(closed)
    // The database refuses it too.
    await expect(
      fixture.owner.query(
        'UPDATE scim_token_request SET approved_at = now(), approved_by_id = asked_by_id WHERE id = $1',
        [id],
      ),
    ).rejects.toThrow('check constraint')
  })

  test('is revealed once, by the requester, within a day of its approval', async () => {
    const { id } = await askForProvisioningToken(fixture.as(asker), ask)
    await approveProvisioningToken(fixture.as(approver), { id })
    for (const someone of [approver, other])
      await expect(revealProvisioningToken(fixture.as(someone), { id })).rejects.toMatchObject({ code: 'forbidden' })
    const late = fixture.as(asker, { clock: () => inDays(1.01) })
    await expect(revealProvisioningToken(late, { id })).rejects.toMatchObject(closed)
    const twice = await Promise.allSettled([1, 2].map(() => revealProvisioningToken(fixture.as(asker), { id })))
    expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(revealProvisioningToken(fixture.as(asker), { id })).rejects.toMatchObject(closed)
    const { rows } = await fixture.owner.query(
      'SELECT count(*)::int AS tokens FROM scim_token WHERE revoked_at IS NULL',
    )
    expect(rows).toEqual([{ tokens: 1 }])
  })

  test('can’t be approved after a week, and can be requested again', async () => {
    const { id } = await askForProvisioningToken(fixture.as(asker), ask)
    const late = { clock: () => inDays(7.01) }
    await expect(approveProvisioningToken(fixture.as(approver, late), { id })).rejects.toMatchObject(closed)
    await askForProvisioningToken(fixture.as(asker, late), ask)
  })

  test.each(['declined', 'withdrawn'] as const)(
    'is never revealed once the request was %s, before or after its approval',
    async (how) => {
      for (const isApproved of [false, true]) {
        const { id } = await askForProvisioningToken(fixture.as(asker), ask)
        if (isApproved) await approveProvisioningToken(fixture.as(approver), { id })
        await declineProvisioningToken(fixture.as(how === 'declined' ? other : asker), { id })
        const { rows } = await fixture.owner.query('SELECT closed_as FROM scim_token_request WHERE id = $1', [id])
        expect(rows).toEqual([{ closed_as: how }])
        await expect(approveProvisioningToken(fixture.as(approver), { id })).rejects.toMatchObject(closed)
        await expect(revealProvisioningToken(fixture.as(asker), { id })).rejects.toMatchObject(closed)
      }
    },
  )

  test('isn’t created if the requester or the approver has lost the role in the meantime', async () => {
    const { id } = await askForProvisioningToken(fixture.as(asker), ask)
    await sqlOf(asker, `platform_role = 'member'`)
    await expect(approveProvisioningToken(fixture.as(approver), { id })).rejects.toMatchObject({
      code: 'token_request_stale',
    })
    await sqlOf(asker, `platform_role = 'admin'`)
    await approveProvisioningToken(fixture.as(approver), { id })
    for (const lost of [`platform_role = 'member'`, 'deactivated_at = now()']) {
      await sqlOf(approver, lost)
      await expect(revealProvisioningToken(fixture.as(asker), { id })).rejects.toMatchObject({
        code: 'token_request_stale',
      })
      await sqlOf(approver, `platform_role = 'admin', deactivated_at = NULL`)
    }
    await revealProvisioningToken(fixture.as(asker), { id })
  })

  test('isn’t created if the approver loses the role while it is revealed', async () => {
    const { id } = await askForProvisioningToken(fixture.as(asker), ask)
    await approveProvisioningToken(fixture.as(approver), { id })
    const client = await fixture.owner.connect()
    try {
      await client.query('BEGIN')
      await client.query(`UPDATE user_account SET platform_role = 'member' WHERE id = $1`, [approver.userId])
      const result = revealProvisioningToken(fixture.as(asker), { id }).catch((error: unknown) => error)
      await untilBlockedBy(client, fixture.owner)
      await client.query('COMMIT')
      expect(await result).toMatchObject({ code: 'token_request_stale' })
    } finally {
      client.release()
    }
  })

  test('is refused while two others are active, until one is revoked or expires', async () => {
    await created()
    const { id } = await created()
    await fixture.owner.query(`UPDATE scim_token SET expires_at = now() + interval '1 hour' WHERE id = $1`, [id])
    await expect(created()).rejects.toMatchObject({ code: 'provisioning_tokens' })
    const { requests } = await readProvisioning(fixture.as(other))
    const request = requests.find(({ askedBy }) => askedBy.handle === asker.handle)
    await fixture.owner.query(`UPDATE scim_token SET expires_at = now() - interval '1 second' WHERE id = $1`, [id])
    await revealProvisioningToken(fixture.as(asker), { id: request?.id ?? '' })
    expect(await stateOf(id)).toBe('expired')
  })
})

describe('a token stops', () => {
  test('when it expires', async () => {
    const { id, token } = await created()
    expect(await works(token, { clock: () => inDays(89) })).toBe(true)
    expect(await works(token, { clock: () => inDays(91) })).toBe(false)
    await fixture.owner.query('UPDATE scim_token SET expires_at = now() WHERE id = $1', [id])
    expect(await works(token)).toBe(false)
    expect(await stateOf(id)).toBe('expired')
  })

  const ends: [what: string, end: (maker: Actor) => Promise<unknown>][] = [
    ['is deactivated', ({ userId: id }) => deactivatePerson(fixture.as(other), { id, reason })],
    [
      'is offboarded',
      ({ userId: id, handle: confirmation }) =>
        offboardPerson(fixture.as(other), { id, reason, confirmation, rest: null }),
    ],
    ['signs in without an admin group', signInWithoutGroups],
  ]
  test.each(ends.flatMap(([what, end]) => [true, false].map((asked) => ({ what, end, asked }))))(
    'when a maker $what (requester: $asked), and works again once another admin takes over',
    async ({ end, asked }) => {
      const { id, token } = await created()
      const ctx = await mustProvision(token)
      const maker = asked ? asker : approver
      await end(maker)
      expect(await works(token)).toBe(false)
      await expect(createUser(ctx, user())).rejects.toMatchObject({ code: 'scim_token' })
      expect(await stateOf(id)).toBe('stopped')
      await takeOverProvisioningToken(fixture.as(other), { id, from: maker.handle })
      expect(await works(token)).toBe(true)
      expect((await mustProvision(token)) && (await stateOf(id))).toBe('in-force')
      const { rows } = await fixture.owner.query('SELECT user_id FROM scim_token_maker WHERE token_id = $1', [id])
      const hands = [asker.userId, approver.userId, other.userId]
      expect(rows.map(({ user_id }) => user_id).sort()).toEqual(hands.sort())
      // A maker who comes back is not responsible again.
      await sqlOf(maker, `platform_role = 'admin', deactivated_at = NULL`)
      await deactivatePerson(fixture.as(maker), { id: other.userId, reason })
      expect(await works(token)).toBe(false)
    },
  )

  test('when a maker’s activated role ends, by the clock or by hand', async () => {
    const activated: Partial<Services> = { policy: { ...fixture.services.policy, adminMinutes: 60 } }
    const active = async (actor: Actor, more: Partial<Services> = activated) => {
      const { rows } = await fixture.owner.query(
        'SELECT issuer, platform_role AS "platformRole", admin_until AS "adminUntil" FROM user_account WHERE id = $1',
        [actor.userId],
      )
      const services = { ...fixture.services, ...more }
      return fixture.as({ ...actor, ...platformRoleAt(rows[0], services, new Date()) }, more)
    }
    for (const someone of [asker, approver]) await activateAdminRole(await active(someone), { reason, minutes: 30 })
    const { id } = await askForProvisioningToken(await active(asker), ask)
    await approveProvisioningToken(await active(approver), { id })
    const { token } = await revealProvisioningToken(await active(asker), { id })
    expect(await works(token, activated)).toBe(true)
    const later = new Date(Date.now() + 31 * 60_000)
    expect(await works(token, { ...activated, clock: () => later })).toBe(false)
    await endOwnAdminRole(await active(approver), {})
    expect(await works(token, activated)).toBe(false)
    // Without role activation, this doesn’t matter.
    expect(await works(token)).toBe(true)
  })

  test('but not because the provider hasn’t confirmed its makers’ groups for months', async () => {
    const { token } = await created()
    for (const someone of [asker, approver]) await sqlOf(someone, `groups_verified_at = now() - interval '90 days'`)
    expect(await works(token)).toBe(true)
  })

  const during: [what: string, sql: string][] = [
    ['deactivated', 'deactivated_at = now()'],
    ['no longer an admin', `platform_role = 'member'`],
  ]
  test.each(during)('during a change, if a maker is %s: the change is undone', async (_what, sql) => {
    const { token } = await created()
    const ctx = await mustProvision(token)
    const subject = uniqueName('late')
    const client = await fixture.owner.connect()
    try {
      await client.query('BEGIN')
      await client.query(`UPDATE user_account SET ${sql} WHERE id = $1`, [approver.userId])
      // Simulates deferred triggers at commit.
      await client.query('SET CONSTRAINTS ALL IMMEDIATE')
      const result = createUser(ctx, user(subject)).catch((error: unknown) => error)
      await untilBlockedBy(client, fixture.owner)
      await client.query('COMMIT')
      expect(await result).toMatchObject({ code: 'scim_token' })
    } finally {
      client.release()
    }
    expect((await fixture.owner.query('SELECT FROM user_account WHERE subject = $1', [subject])).rowCount).toBe(0)
  })

  test('and the other admins are notified, and the trail records it', async () => {
    const { id } = await created()
    await deactivatePerson(fixture.as(other), { id: approver.userId, reason })
    const person = { name: approver.name, handle: approver.handle }
    expect((await eventsOf(asker))[0]).toEqual({ kind: 'token-stopped', names: ['Okta'], person })
    const { rows } = await fixture.owner.query(
      `SELECT coalesce(o.detail, e.detail) -> 'tokensStopped' AS tokens FROM audit_event e LEFT JOIN audit_event o ON o.intent_id = e.id
       WHERE e.action = 'person.deactivate' AND e.target_id = $1 AND e.intent_id IS NULL`,
      [approver.userId],
    )
    expect(rows).toEqual([{ tokens: ['Okta'] }])
    expect(await stateOf(id)).toBe('stopped')
  })
})

describe('taking over', () => {
  test('is refused from an active admin, to a person already responsible, and once the token ended', async () => {
    const { id } = await created()
    const from = approver.handle
    await expect(takeOverProvisioningToken(fixture.as(other), { id, from })).rejects.toMatchObject({
      code: 'token_not_stopped',
    })
    await sqlOf(approver, 'deactivated_at = now()')
    await expect(takeOverProvisioningToken(fixture.as(asker), { id, from })).rejects.toMatchObject({
      code: 'token_not_stopped',
    })
    await expect(takeOverProvisioningToken(fixture.as(other), { id, from: other.handle })).rejects.toMatchObject({
      code: 'not_found',
    })
    await revokeProvisioningToken(fixture.as(other), { id })
    await expect(takeOverProvisioningToken(fixture.as(other), { id, from })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('by two admins at once happens once', async () => {
    const { id } = await created()
    const another = await fixture.person('another', { platformRole: 'admin' })
    await sqlOf(approver, 'deactivated_at = now()')
    const both = [other, another].map((one) =>
      takeOverProvisioningToken(fixture.as(one), { id, from: approver.handle }),
    )
    expect((await Promise.allSettled(both)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const { rows } = await fixture.owner.query(
      'SELECT count(*)::int AS count FROM scim_token_maker WHERE token_id = $1 AND responsible',
      [id],
    )
    expect(rows).toEqual([{ count: 2 }])
  })
})

describe('the operator’s command', () => {
  let db: Db
  beforeAll(async () => {
    db = createOwnerDb((await ownDatabase()).ownerDatabaseUrl)
  })
  afterAll(() => db.$disconnect())
  const services = () => ({ db, issuer: fixture.services.issuer, hostname: 'test', at: new Date() })

  test('creates a token without makers, notifies all admins, and revokes any token', async () => {
    const { id, token } = await createOperatorToken(services(), { name: 'Okta', expiresAt: inDays(300) })
    expect(await works(token)).toBe(true)
    for (const someone of [asker, approver, other])
      expect(await eventsOf(someone)).toMatchObject([{ kind: 'token-created', name: 'Okta', by: null }])
    const { rows } = await fixture.owner.query(
      `SELECT action, actor_kind AS kind, actor_name AS name FROM audit_event WHERE target_id = $1`,
      [id],
    )
    expect(rows).toEqual([{ action: 'provisioning.token-create', kind: 'system', name: 'command' }])
    for (const someone of [asker, approver]) await sqlOf(someone, 'deactivated_at = now()')
    expect(await works(token)).toBe(true)
    expect(await revokeTokenByOperator(services(), id)).toBe('Okta')
    expect(await works(token)).toBe(false)
    expect(await revokeTokenByOperator(services(), id)).toBeNull()
    expect(await stateOf(id)).toBe('revoked')
  })
})

describe('the trail', () => {
  test('names a token’s makers, regardless of its name, in the change and its side effects', async () => {
    const { id: requestId } = await askForProvisioningToken(fixture.as(asker), {
      ...ask,
      name: `X of ${other.handle}: Okta`,
    })
    await approveProvisioningToken(fixture.as(approver), { id: requestId })
    const { token } = await revealProvisioningToken(fixture.as(asker), { id: requestId })
    const ctx = await mustProvision(token)
    const victim = await fixture.person('victim')
    const { id } = await createUser(ctx, user(victim.userId))
    await changeUser(ctx, { id, ifMatch: null, change: inactive })
    const { rows } = await fixture.owner.query(
      `SELECT DISTINCT actor_name AS name FROM audit_event WHERE actor_kind = 'scim' AND actor_id = $1`,
      [requestId],
    )
    const makers = [asker.handle, approver.handle].sort().join(' and ')
    expect(rows).toEqual([{ name: `token of ${makers}: X of ${other.handle}: Okta` }])
  })
})

describe('frozen', () => {
  test('every change is refused immediately, reads still work, and unfreezing undoes it; all admins are notified of both', async () => {
    const { token } = await created()
    const ctx = await mustProvision(token)
    await freezeProvisioning(fixture.as(other), { reason: 'a stolen token' })
    expect((await readProvisioning(fixture.as(asker))).freeze).toMatchObject({
      reason: 'a stolen token',
      frozenBy: { handle: other.handle },
    })
    await expect(createUser(ctx, user())).rejects.toMatchObject({ code: 'scim_frozen', status: 503 })
    expect(await works(token)).toBe(true)
    await listUsers(ctx, { filter: null, startIndex: 1, count: 1 })
    // Freezing twice is one freeze.
    await freezeProvisioning(fixture.as(asker), { reason: 'again' })
    expect((await readProvisioning(fixture.as(asker))).freeze).toMatchObject({ reason: 'a stolen token' })
    await unfreezeProvisioning(fixture.as(approver), { reason: 'a new token' })
    await createUser(ctx, user())
    expect((await eventsOf(asker)).map(({ kind }) => kind).slice(0, 2)).toEqual([
      'provisioning-unfrozen',
      'provisioning-frozen',
    ])
  })

  test('a change in progress is refused, and the freeze doesn’t wait for it', async () => {
    const { token } = await created()
    const ctx = await mustProvision(token)
    const subject = uniqueName('slow')
    const { id: scimId } = await createUser(ctx, user(subject))
    const client = await fixture.owner.connect()
    try {
      await client.query('BEGIN')
      await client.query('SELECT FROM user_account WHERE subject = $1 FOR UPDATE', [subject])
      const change = changeUser(ctx, { id: scimId, ifMatch: null, change: inactive }).catch((error: unknown) => error)
      await untilBlockedBy(client, fixture.owner)
      await freezeProvisioning(fixture.as(other), { reason })
      await client.query('COMMIT')
      expect(await change).toMatchObject({ code: 'scim_frozen' })
    } finally {
      client.release()
    }
    const { rows } = await fixture.owner.query('SELECT deactivated_at FROM user_account WHERE subject = $1', [subject])
    expect(rows).toEqual([{ deactivated_at: null }])
  })

  test('a change that finishes while the freeze commits waits for it, and is refused', async () => {
    const { token } = await created()
    const ctx = await mustProvision(token)
    const client = await fixture.owner.connect()
    try {
      await client.query('BEGIN')
      await client.query(
        `INSERT INTO provisioning_freeze (id, reason, frozen_at, frozen_by_id) VALUES ($1, 'x', now(), $2)`,
        [randomUUID(), other.userId],
      )
      await client.query('SELECT FROM scim_token WHERE revoked_at IS NULL FOR NO KEY UPDATE')
      const change = createUser(ctx, user()).catch((error: unknown) => error)
      await untilBlockedBy(client, fixture.owner)
      await client.query('COMMIT')
      expect(await change).toMatchObject({ code: 'scim_frozen' })
    } finally {
      client.release()
    }
  })
})

describe('the last platform admin', () => {
  /** The only admins. */
  const onlyAdmins = (...admins: Actor[]) =>
    fixture.owner.query(`UPDATE user_account SET platform_role = 'member' WHERE id <> ALL ($1)`, [
      admins.map(({ userId }) => userId),
    ])

  test('a token can’t remove the last admin who isn’t its maker, and the others are notified of the attempt', async () => {
    await onlyAdmins(asker, approver, other)
    const { token } = await created()
    const ctx = await mustProvision(token)
    const { id } = await createUser(ctx, user(other.userId))
    await expect(changeUser(ctx, { id, ifMatch: null, change: inactive })).rejects.toMatchObject({
      code: 'scim_last_admin',
      status: 403,
    })
    const { rows } = await fixture.owner.query('SELECT deactivated_at FROM user_account WHERE id = $1', [other.userId])
    expect(rows).toEqual([{ deactivated_at: null }])
    const person = { name: other.name, handle: other.handle }
    expect((await eventsOf(asker))[0]).toEqual({ kind: 'admin-kept', person })
    // However often it tries.
    await expect(changeUser(ctx, { id, ifMatch: null, change: inactive })).rejects.toMatchObject({ status: 403 })
    expect((await eventsOf(asker)).filter(({ kind }) => kind === 'admin-kept').length).toBe(1)
  })

  test('a token can remove its own maker if another admin remains, which stops the token', async () => {
    await onlyAdmins(asker, approver, other)
    const { id: tokenId, token } = await created()
    const ctx = await mustProvision(token)
    const { id } = await createUser(ctx, user(approver.userId, approver.email))
    await changeUser(ctx, { id, ifMatch: null, change: inactive })
    const { rows } = await fixture.owner.query('SELECT deactivated_at FROM user_account WHERE id = $1', [
      approver.userId,
    ])
    expect(rows).not.toEqual([{ deactivated_at: null }])
    expect(await stateOf(tokenId)).toBe('stopped')
    await expect(createUser(ctx, user())).rejects.toMatchObject({ code: 'scim_token' })
  })

  test('two tokens at once, or one token twice at once, leave one admin', async () => {
    for (let round = 0; round < 3; round++) {
      const [one, two] = await Promise.all([1, 2].map(() => fixture.person('boss', { platformRole: 'admin' })))
      if (!one || !two) throw new Error('no admins')
      await onlyAdmins(one, two)
      const { token } = await addScimToken(fixture.owner)
      const ctx = await mustProvision(token)
      const ids = await Promise.all([one, two].map(({ userId }) => createUser(ctx, user(userId))))
      await Promise.allSettled(ids.map(({ id }) => changeUser(ctx, { id, ifMatch: null, change: inactive })))
      const { rows } = await fixture.owner.query(
        `SELECT count(*)::int AS admins FROM user_account WHERE platform_role = 'admin' AND deactivated_at IS NULL`,
      )
      expect(rows[0].admins).toBeGreaterThan(0)
    }
  })
})

test('a token’s expiry is announced once, while it is in use', async () => {
  const { id, token } = await created()
  await fixture.owner.query(`UPDATE scim_token SET expires_at = now() + interval '13 days' WHERE id = $1`, [id])
  const expiring = async () => (await eventsOf(other)).filter(({ kind }) => kind === 'token-expiring').length
  for (let use = 0; use < 3; use++) {
    await fixture.owner.query('UPDATE scim_token SET last_used_at = NULL WHERE id = $1', [id])
    await mustProvision(token)
    await expect.poll(expiring).toBe(1)
  }
})

test('a token created by the previous release has an end and its maker', async () => {
  const { id } = await addScimToken(fixture.owner, asker)
  const { rows } = await fixture.owner.query(
    `SELECT m.user_id AS maker, t.expires_at - t.created_at < interval '31 days' AS ends
     FROM scim_token t JOIN scim_token_maker m ON m.token_id = t.id WHERE t.id = $1`,
    [id],
  )
  expect(rows).toEqual([{ maker: asker.userId, ends: true }])
})

test('a former admin’s request is listed until it is declined', async () => {
  const id = await addTokenRequest(fixture.owner, asker)
  await sqlOf(asker, `platform_role = 'member'`)
  expect((await readProvisioning(fixture.as(other))).requests.map((request) => request.id)).toContain(id)
  await declineProvisioningToken(fixture.as(other), { id })
  expect((await readProvisioning(fixture.as(other))).requests.map((request) => request.id)).not.toContain(id)
})

/** The provider names no groups at a sign-in. */
async function signInWithoutGroups(person: Actor): Promise<void> {
  const { rows } = await fixture.owner.query('SELECT issuer, subject FROM user_account WHERE id = $1', [person.userId])
  const [{ issuer, subject }] = rows
  await savePerson(
    fixture.services.db,
    {
      issuer,
      subject,
      name: person.name,
      email: 'in@example.com',
      emailUnverified: false,
      groups: [],
      leftOut: [],
      platformRoleOf: () => 'member',
      listed: [],
      at: new Date(),
    },
    () => person.handle,
    async () => {},
  )
}
