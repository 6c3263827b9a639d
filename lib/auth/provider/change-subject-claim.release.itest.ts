/**
 * An installation identified people by `sub` and then sets OIDC_SUBJECT_CLAIM=oid; another one provisions by object id.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { tokenOf } from '#dev/testing/fixtures/provisioning-scene.ts'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { type EntraStandIn, startEntraStandIn } from '#dev/testing/network/entra-stand-in.ts'
import { claimByOperator, joinByOperator, releaseByOperator } from '#lib/auth/operator/operator-identity.ts'
import { recheckSession } from '#lib/auth/session/recheck-session.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { parseUser } from '#lib/features/scim/protocol/user.ts'
import { createUser } from '#lib/features/scim/use-cases/create-user.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'

let fixture: Awaited<ReturnType<typeof openSignInFixture>>
let broker: BrokerFixture
let entra: EntraStandIn
let ownerDb: ReturnType<typeof createOwnerDb>
const made: EntraStandIn[] = []

beforeAll(async () => {
  broker = await openBrokerFixture()
  fixture = await openSignInFixture({
    standIn: async (at) => {
      const started = await startEntraStandIn(at)
      made.push(started)
      return started
    },
  })
  const [first] = made
  if (!first) throw new Error('the stand-in was not started')
  entra = first
  ownerDb = createOwnerDb(fixture.ownerDatabaseUrl)
})
afterAll(async () => {
  await ownerDb.$disconnect()
  await fixture.close()
  await broker.close()
})
beforeEach(() => known('sub'))

/** Sets the claim that identifies people from now on. */
function known(subjectClaim: 'sub' | 'oid'): void {
  fixture.services.settings = { ...fixture.services.settings, subjectClaim }
}

async function signIn(name: string) {
  const browser = fixture.browser()
  const form = { callbackUrl: '/' }
  const at = await browser.goesOnTo(await browser.send(`${fixture.origin}/api/auth/signin/oidc`, { form }))
  const end = new URL(browser.locationOf(await browser.send(entra.callbackFor(at, name))))
  return { browser, session: await browser.session(), error: end.searchParams.get('error') }
}

async function admitted(name: string) {
  const { session, browser, error } = await signIn(name)
  if (!session) throw new Error(`${name} could not sign in: ${error}`)
  return { browser, id: session.id, ...session.actor }
}

const row = async (userId: string) =>
  (
    await fixture.owner.query(
      'SELECT handle, subject, subject_claim AS claim, oidc_sub AS sub, deactivated_at IS NOT NULL AS deactivated, deactivation_reason AS reason FROM user_account WHERE id = $1',
      [userId],
    )
  ).rows[0]
const accountOf = async (subject: string): Promise<string> =>
  (
    await fixture.owner.query('SELECT id FROM user_account WHERE issuer = ANY ($1) AND subject = $2', [
      [entra.issuer, `${entra.issuer}/`],
      subject,
    ])
  ).rows[0].id
const trail = async (action: string, targetId: string) =>
  (
    await fixture.owner.query(
      `SELECT actor_id AS actor, outcome::text, detail - 'claimedAt' AS detail FROM audit_event WHERE action = $1 AND target_id = $2`,
      [action, targetId],
    )
  ).rows
const deactivate = (userId: string) =>
  fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [userId])

/** Provisions a person by SCIM, as Entra does with `externalId` mapped to `objectId`. */
async function provision(externalId: string, subjectClaim = 'oid') {
  const services = { ...broker.services, issuer: entra.issuer }
  const { idp, ...token } = await tokenOf({ ...broker, services }, { makers: [], subjectClaim })
  const user = await createUser(idp, parseUser({ userName: `${externalId}@example.com`, externalId }, 'externalId'))
  return { ...token, scimId: user.id, userId: await accountOf(externalId) }
}
const someone = () => `p${randomUUID().slice(0, 8)}`

describe('a person identified by sub', () => {
  test('keeps their account and handle at sign-in, and the trail records it without either value', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    const { userId, handle } = await admitted(name)
    known('oid')
    expect((await admitted(name)).userId).toBe(userId)
    const sub = entra.subOf(name)
    expect(await row(userId)).toMatchObject({ handle, subject: oid, claim: 'oid', sub })
    const rows = await trail('person.change-claim', userId)
    expect(rows).toEqual([{ actor: userId, outcome: 'ok', detail: { claim: { before: 'sub', after: 'oid' } } }])
    await admitted(name)
    expect(await trail('person.change-claim', userId)).toHaveLength(1)
  })

  test('keeps them when the setting changes back, and while processes have different settings', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    const { userId } = await admitted(name)
    for (const claim of ['oid', 'sub', 'oid', 'sub'] as const) {
      known(claim)
      expect((await admitted(name)).userId).toBe(userId)
      const subject = claim === 'oid' ? oid : entra.subOf(name)
      expect(await row(userId)).toMatchObject({ subject, claim, sub: claim === 'oid' ? entra.subOf(name) : null })
    }
  })

  test('keeps them when many tabs sign in at once', async () => {
    const name = someone()
    entra.person(name)
    const { userId } = await admitted(name)
    known('oid')
    const all = await Promise.all(Array.from({ length: 6 }, () => admitted(name)))
    expect(new Set(all.map((one) => one.userId))).toEqual(new Set([userId]))
    expect(await trail('person.change-claim', userId)).toHaveLength(1)
  })

  test('keeps an older session, and a logout by sub ends it', async () => {
    const name = someone()
    fixture.services.settings = { ...fixture.services.settings, scopes: 'openid profile email offline_access' }
    entra.person(name)
    const early = await admitted(name)
    known('oid')
    await admitted(name)
    fixture.time.offsetMs = 11 * 60_000
    const origin = { observer: 'web/test', requestId: 'test' } as const
    expect(await recheckSession(fixture.services, origin, { id: early.id, issuer: entra.issuer })).toBe('confirmed')
    fixture.time.offsetMs = 0
    const token = await entra.logoutToken({ sub: entra.subOf(name) })
    await fetch(`${fixture.origin}/api/auth/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    })
    expect(await early.browser.session()).toBeNull()
  })

  test.each(['sub', 'oid'] as const)('and deactivated can’t sign in: identified by %s', async (claim) => {
    const name = someone()
    entra.person(name)
    known(claim)
    const { userId } = await admitted(name)
    const before = await row(userId)
    await deactivate(userId)
    known(claim === 'sub' ? 'oid' : 'sub')
    expect(await signIn(name)).toMatchObject({ error: 'deactivated', session: null })
    expect(await row(userId)).toMatchObject({ subject: before.subject, claim, deactivated: true })
  })

  test('and pseudonymized can’t sign in: only hashes of both values are left', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    known('oid')
    const { userId } = await admitted(name)
    const hash = async (value: string) =>
      (
        await fixture.owner.query(
          `SELECT 'pseudonymised:' || encode(sha256(convert_to($1 || E'\\n' || $2, 'UTF8')), 'hex') AS hash`,
          [entra.issuer, value],
        )
      ).rows[0].hash
    await fixture.owner.query(
      'UPDATE user_account SET subject = $1, oidc_sub = $2, deactivated_at = now() WHERE id = $3',
      [await hash(oid), await hash(entra.subOf(name)), userId],
    )
    for (const claim of ['oid', 'sub'] as const) {
      known(claim)
      expect(await signIn(name), claim).toMatchObject({ error: 'deactivated', session: null })
    }
  })
})

describe('no one can take over an account', () => {
  test('by a sub that equals the object id of another person', async () => {
    const [victim, attacker] = [someone(), someone()]
    const { oid } = entra.person(victim)
    known('oid')
    const { userId } = await admitted(victim)
    entra.person(attacker, { claims: { sub: oid } })
    expect((await admitted(attacker)).userId).not.toBe(userId)
    expect(await row(userId)).toMatchObject({ subject: oid, claim: 'oid' })
    known('sub')
    expect(await signIn(attacker), 'or after the setting changes back').not.toMatchObject({
      session: { actor: { userId } },
    })
  })

  test('by a sub that equals the object id of a person who was only provisioned', async () => {
    const attacker = someone()
    const oid = randomUUID()
    known('oid')
    const { userId } = await provision(oid)
    entra.person(attacker, { claims: { sub: oid } })
    expect((await admitted(attacker)).userId).not.toBe(userId)
    known('sub')
    const again = await signIn(attacker)
    expect(again.session?.actor.userId).not.toBe(userId)
    expect(await row(userId)).toMatchObject({ subject: oid, claim: 'oid' })
  })

  test('by a sub that equals an id provisioned before the setting, unconfirmed by any ID token', async () => {
    const attacker = someone()
    const oid = randomUUID()
    const { userId } = await provision(oid, 'sub')
    entra.person(attacker, { claims: { sub: oid } })
    known('oid')
    expect((await admitted(attacker)).userId).not.toBe(userId)
    expect(await row(userId)).toMatchObject({ subject: oid, claim: 'sub' })
  })

  test('by an object id that equals the sub of another person', async () => {
    const [victim, attacker] = [someone(), someone()]
    entra.person(victim)
    const { userId } = await admitted(victim)
    entra.person(attacker, { oid: entra.subOf(victim) })
    known('oid')
    expect(await signIn(attacker)).toMatchObject({ error: 'accounts_conflict', session: null })
    expect(await row(userId)).toMatchObject({ subject: entra.subOf(victim), claim: 'sub' })
  })

  test('by a changed claim value: the same sub is not a second person', async () => {
    const name = someone()
    known('oid')
    const { oid } = entra.person(name)
    const { userId } = await admitted(name)
    entra.person(name, { claims: { oid: randomUUID() } })
    expect(await signIn(name)).toMatchObject({ error: 'accounts_conflict', session: null })
    expect(await row(userId)).toMatchObject({ subject: oid })
  })

  test('by provisioning the value of another claim', async () => {
    const name = someone()
    entra.person(name)
    const { userId } = await admitted(name)
    await expect(provision(entra.subOf(name), 'oid')).rejects.toMatchObject({ code: 'scim_taken' })
    expect(await row(userId)).toMatchObject({ claim: 'sub', deactivated: false })
  })
})

describe('a person whom SCIM provisions by object id', () => {
  test('gets that account at sign-in', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    known('oid')
    const { userId } = await provision(oid)
    expect((await admitted(name)).userId).toBe(userId)
    expect(await row(userId)).toMatchObject({ subject: oid, claim: 'oid', sub: entra.subOf(name) })
  })

  test('and who was identified by sub keeps that account, with the pushed groups', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    const { userId, handle } = await admitted(name)
    known('oid')
    const { userId: second, scimId, push } = await provision(oid)
    const { handle: other } = await row(second)
    const group = `g-${randomUUID()}`
    await push(group, [scimId])
    const { groups, ...person } = await admitted(name)
    expect(person).toMatchObject({ userId, handle })
    expect(groups).toContain(group)
    expect(await row(userId)).toMatchObject({ subject: oid, claim: 'oid' })
    expect(await row(second)).toMatchObject({
      subject: `joined:${second}`,
      deactivated: true,
      reason: `Joined with ${handle}`,
    })
    expect(await trail('person.join', userId)).toEqual([{ actor: userId, outcome: 'ok', detail: { joined: other } }])
    expect((await admitted(name)).userId).toBe(userId)
  })

  test('and who already holds something isn’t joined silently: the trail names both accounts', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    const { userId, handle } = await admitted(name)
    known('oid')
    const { userId: second } = await provision(oid)
    const { handle: other } = await row(second)
    const owner = await broker.person('owner')
    const space = `s-${randomUUID().slice(0, 8)}`
    await createSpace(broker.as(owner), { name: space, size: 'S' })
    await addGrant(broker.as(owner), { space: { name: space }, principal: other, role: 'viewer' })
    expect(await signIn(name)).toMatchObject({ error: 'accounts_conflict', session: null })
    expect(await row(userId)).toMatchObject({ claim: 'sub' })
    expect(await row(second)).toMatchObject({ subject: oid, deactivated: false })
    const { rows } = await fixture.owner.query(
      `SELECT detail->'accounts' AS accounts FROM audit_event WHERE reason = 'accounts_conflict' AND detail->'accounts' ? $1`,
      [other],
    )
    expect(rows.map(({ accounts }) => [...accounts].sort())).toEqual([[handle, other].sort()])
  })

  test('with their own token, under another person’s userName, isn’t joined', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    const { userId, handle } = await admitted(name)
    known('oid')
    const { userId: second, tokenId } = await provision(oid)
    const { handle: other } = await row(second)
    await fixture.owner.query('INSERT INTO scim_token_maker (token_id, user_id) VALUES ($1, $2)', [tokenId, userId])
    expect(await signIn(name)).toMatchObject({ error: 'accounts_conflict', session: null })
    const services = { db: ownerDb, issuer: entra.issuer, hostname: 'operator', at: new Date() }
    await expect(joinByOperator(services, handle, other)).rejects.toThrow(/has handled a provisioning token/)
    await fixture.owner.query('DELETE FROM scim_user WHERE user_id = $1', [second])
    await joinByOperator(services, handle, other)
    expect((await admitted(name)).userId).toBe(userId)
  })

  test('twice, once by sub, needs an operator', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    const { userId } = await provision(entra.subOf(name), 'sub')
    const { handle } = await admitted(name)
    known('oid')
    const { userId: second } = await provision(oid)
    const { handle: other } = await row(second)
    expect(await signIn(name)).toMatchObject({ error: 'accounts_conflict', session: null })
    const services = { db: ownerDb, issuer: entra.issuer, hostname: 'operator', at: new Date() }
    await expect(joinByOperator(services, handle, other)).rejects.toThrow(/Provisioning manages both/)
    expect(await row(userId)).toMatchObject({ claim: 'sub', deactivated: false })
  })

  test.each(['their own', 'the provisioned'])('can’t sign in while %s account is deactivated', async (which) => {
    const name = someone()
    const { oid } = entra.person(name)
    const { userId } = await admitted(name)
    known('oid')
    const { userId: second } = await provision(oid)
    await deactivate(which === 'their own' ? userId : second)
    expect(await signIn(name)).toMatchObject({ error: 'deactivated', session: null })
    expect(await row(userId)).toMatchObject({ claim: 'sub' })
  })
})

describe('an operator', () => {
  const services = () => ({
    db: ownerDb,
    issuer: entra.issuer,
    hostname: 'operator',
    at: new Date(),
  })

  test('joins accounts once one of them holds nothing, and then the person can sign in', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    const { userId, handle } = await admitted(name)
    known('oid')
    const { userId: second } = await provision(oid)
    const { handle: other } = await row(second)
    const owner = await broker.person('owner')
    const space = { name: `s-${randomUUID().slice(0, 8)}` }
    await createSpace(broker.as(owner), { ...space, size: 'S' })
    await addGrant(broker.as(owner), { space, principal: other, role: 'viewer' })
    await expect(joinByOperator(services(), handle, other)).rejects.toThrow(/has spaces, roles/)
    await expect(joinByOperator(services(), handle, handle)).rejects.toThrow(/same account/)
    await expect(joinByOperator(services(), handle, 'nobody-1')).rejects.toThrow(/No account has the handle/)
    await fixture.owner.query('UPDATE space_grant SET removed_at = now() WHERE user_id = $1', [second])
    await joinByOperator(services(), handle, other)
    expect(await row(second)).toMatchObject({ subject: `joined:${second}`, deactivated: true })
    expect((await trail('person.join', userId)).map(({ detail }) => detail)).toEqual([{ joined: other }])
    expect((await admitted(name)).userId).toBe(userId)
    expect(await row(userId)).toMatchObject({ subject: oid, claim: 'oid' })
  })

  test('refuses to keep a deactivated account, or to join one of another provider', async () => {
    const [name, elsewhere] = [someone(), await broker.person('elsewhere')]
    entra.person(name)
    const { userId, handle } = await admitted(name)
    await expect(joinByOperator(services(), handle, elsewhere.handle)).rejects.toThrow(/different identity providers/)
    await deactivate(userId)
    const other = someone()
    entra.person(other)
    const { handle: otherHandle } = await admitted(other)
    await expect(joinByOperator(services(), handle, otherHandle)).rejects.toThrow(/is deactivated/)
  })

  test('releases a person with a new claim value', async () => {
    const name = someone()
    known('oid')
    entra.person(name)
    const { userId, handle } = await admitted(name)
    const oid = randomUUID()
    entra.person(name, { claims: { oid } })
    expect(await signIn(name)).toMatchObject({ error: 'accounts_conflict' })
    await releaseByOperator(services(), handle)
    expect((await admitted(name)).userId).toBe(userId)
    expect(await row(userId)).toMatchObject({ subject: oid, claim: 'oid' })
    await deactivate(userId)
    await expect(releaseByOperator(services(), handle)).rejects.toThrow(/is deactivated/)
  })

  test('marks older provisioned ids as object ids: until then, no one signs in with them', async () => {
    const name = someone()
    const { oid } = entra.person(name)
    const { userId } = await provision(oid, 'sub')
    known('oid')
    expect(await signIn(name)).toMatchObject({ error: 'accounts_conflict', session: null })
    expect(await claimByOperator(services(), 'oid')).toBeGreaterThan(0)
    expect((await admitted(name)).userId).toBe(userId)
    expect(await claimByOperator(services(), 'oid')).toBe(0)
  })
})
