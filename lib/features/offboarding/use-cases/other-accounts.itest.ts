import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { untilBlockedBy } from '#dev/testing/database/until-blocked.ts'
import { type BrokerFixture, issuerOfTests, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { findFullyAnswered } from '#lib/features/offboarding/db/offboardings.ts'
import { renderCertificate } from '#lib/features/offboarding/model/render-certificate.ts'
import { readPersonPage } from '#lib/features/people/use-cases/read-person-page.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { offboardPerson } from './offboard-person.ts'
import { readDepartingUser } from './read-departing-user.ts'
import { readOffboarding } from './read-offboarding.ts'

let fixture: BrokerFixture
let admin: Actor
let newOwner: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  admin = await fixture.person('admin', { platformRole: 'admin' })
  newOwner = await fixture.person('new-owner')
})
afterAll(() => fixture.close())

const elsewhere = 'https://elsewhere.test'
const address = () => `${uniqueName('mail')}@company.test`

/** A person’s account, as a sign-in with these claims would create it. */
async function account(
  name: string,
  { issuer = issuerOfTests, subject = randomUUID(), email = '', unverified = false } = {},
): Promise<Actor> {
  const person = await fixture.person(name, { issuer })
  await fixture.owner.query(
    'UPDATE user_account SET issuer = $2, subject = $3, email = $4, email_unverified = $5 WHERE id = $1',
    [person.userId, issuer, subject, email, unverified],
  )
  return person
}

const offboard = (departingUser: Actor, accounts: readonly Actor[] = [], by = admin) =>
  offboardPerson(fixture.as(by), {
    id: departingUser.userId,
    reason: 'left the company',
    confirmation: departingUser.handle,
    rest: { kind: 'hand-over', to: newOwner.handle },
    accounts: accounts.map(({ userId }) => userId),
  })

const sheetOf = async ({ handle }: Actor) => (await readDepartingUser(fixture.as(admin), { handle })).accounts
const isGone = async ({ handle }: Actor) => {
  const { person, offboarding } = await readPersonPage(fixture.as(admin), { handle })
  expect(person.deactivatedAt !== null).toBe(offboarding !== null)
  return offboarding !== null
}
const gone = (...all: Actor[]) => Promise.all(all.map(isGone))

describe('an issuer’s two spellings', () => {
  test('are one person: both accounts are closed together, with their spaces and roles', async () => {
    const subject = randomUUID()
    const departingUser = await account('departing', { subject })
    const other = await account('departing', { subject, issuer: `${issuerOfTests}/` })
    const namesake = await account('departing', { subject, issuer: elsewhere })
    const [owned, shared] = [uniqueName('owned'), uniqueName('shared')]
    await createSpace(fixture.as(other), { name: owned, description: '', size: 'S', endsAt: null })
    await createSpace(fixture.as(newOwner), { name: shared, description: '', size: 'S', endsAt: null })
    await addGrant(fixture.as(newOwner), { space: { name: shared }, principal: other.handle, role: 'editor' })

    expect(await sheetOf(departingUser)).toMatchObject([
      { handle: other.handle, by: 'subject', isOwn: false, spaces: [{ name: owned }] },
    ])
    await offboard(departingUser)
    expect(await gone(departingUser, other, namesake)).toEqual([true, true, false])
    const { rows } = await fixture.owner.query('SELECT owner_id FROM space WHERE name = $1', [owned])
    expect(rows).toEqual([{ owner_id: newOwner.userId }])
    const { rows: grants } = await fixture.owner.query(
      'SELECT 1 FROM space_grant WHERE user_id = $1 AND removed_at IS NULL',
      [other.userId],
    )
    expect(grants).toEqual([])
  })

  test('so are accounts with the same sub, even if identified by different claims', async () => {
    const sub = randomUUID()
    const departingUser = await account('departing', { subject: sub })
    const other = await account('departing', { subject: randomUUID() })
    const namesake = await account('departing', { subject: randomUUID() })
    await fixture.owner.query(`UPDATE user_account SET subject_claim = 'oid', oidc_sub = $1 WHERE id = $2`, [
      sub,
      other.userId,
    ])
    expect(await sheetOf(departingUser)).toMatchObject([{ handle: other.handle, by: 'subject' }])
    await offboard(departingUser)
    expect(await gone(departingUser, other, namesake)).toEqual([true, true, false])
  })

  test('can’t be closed from the other’s page either if one of them is the admin’s own', async () => {
    const subject = randomUUID()
    const departingUser = await account('second', { subject })
    const own = await fixture.person('second', { platformRole: 'admin' })
    await fixture.owner.query('UPDATE user_account SET issuer = $2, subject = $3 WHERE id = $1', [
      ...[own.userId, `${issuerOfTests}/`, subject],
    ])
    await expect(offboard(departingUser, [], own)).rejects.toMatchObject({ code: 'own_account' })
    expect(await gone(departingUser)).toEqual([false])
  })
})

describe('the same email address at another provider', () => {
  test('is shown with provider and handle, and is closed only if chosen', async () => {
    const email = address()
    const departingUser = await account('departing', { email })
    const other = await account('other', { email: email.toUpperCase(), issuer: elsewhere })
    expect(await sheetOf(departingUser)).toMatchObject([{ handle: other.handle, by: 'email', issuer: elsewhere }])
    const { otherAccounts } = await readPersonPage(fixture.as(admin), { handle: departingUser.handle })
    expect(otherAccounts).toMatchObject([{ handle: other.handle, by: 'email', issuer: elsewhere }])
    await offboard(departingUser)
    expect(await gone(departingUser, other)).toEqual([true, false])
  })

  test('is not suggested if either address is unverified, empty, or at the same provider', async () => {
    const email = address()
    const departingUser = await account('departing', { email })
    await account('unverified', { email, issuer: elsewhere, unverified: true })
    await account('beside', { email })
    expect(await sheetOf(departingUser)).toEqual([])
    const unverified = await account('departing', { email: address(), unverified: true })
    const { rows } = await fixture.owner.query('SELECT email FROM user_account WHERE id = $1', [unverified.userId])
    await account('other', { email: rows[0].email, issuer: elsewhere })
    expect(await sheetOf(unverified)).toEqual([])
    const without = await account('departing')
    await account('other', { issuer: elsewhere })
    expect(await sheetOf(without)).toEqual([])
  })

  test('if chosen, is closed with all accounts of its subject; each certificate names the others', async () => {
    const [email, subject] = [address(), randomUUID()]
    const departingUser = await account('departing', { email })
    const other = await account('other', { email, subject, issuer: elsewhere })
    const spelled = await account('spelled', { subject, issuer: `${elsewhere}//` })
    const done = await offboard(departingUser, [other])
    expect(await gone(departingUser, other, spelled)).toEqual([true, true, true])
    const { offboarding } = await readPersonPage(fixture.as(admin), { handle: other.handle })
    expect(offboarding?.with.map(({ handle }) => handle).sort()).toEqual([departingUser.handle, spelled.handle].sort())
    expect(JSON.parse((await readOffboarding(fixture.as(admin), { id: done?.id ?? '' })).text)).toMatchObject({
      person: { handle: departingUser.handle },
      offboardedWith: [
        { handle: other.handle, issuer: elsewhere, offboarding: offboarding?.id },
        { handle: spelled.handle },
      ],
    })
    await fixture.owner.query('UPDATE offboarding_cluster SET finished_at = now(), started_at = now()')
    const answered = await fixture.services.db.$transaction((tx) => findFullyAnswered(tx, offboarding?.id ?? ''))
    if (!answered) throw new Error('every cluster has answered')
    expect(JSON.parse(renderCertificate(answered, new Date()))).toMatchObject({
      complete: true,
      person: { handle: other.handle },
      offboardedWith: expect.arrayContaining([expect.objectContaining({ handle: departingUser.handle })]),
    })
    const { rows } = await fixture.owner.query(
      `SELECT target_name AS name, detail->>'with' AS with, detail->'accounts' AS accounts FROM audit_event
       WHERE action = 'person.offboard' AND target_id = ANY ($1) AND detail ? 'offboarding' ORDER BY seq`,
      [[departingUser, other, spelled].map(({ userId }) => userId)],
    )
    expect(rows).toHaveLength(3)
    expect(rows).toContainEqual({ name: other.handle, with: departingUser.handle, accounts: null })
    expect(rows).toContainEqual({
      name: departingUser.handle,
      with: null,
      accounts: expect.arrayContaining([other.handle, spelled.handle]),
    })
  })

  test('can’t be used to close an account that isn’t on the page', async () => {
    const departingUser = await account('departing', { email: address() })
    const victim = await account('victim', { email: address(), issuer: elsewhere })
    await expect(offboard(departingUser, [victim])).rejects.toMatchObject({ code: 'object_changed' })
    expect(await gone(departingUser, victim)).toEqual([false, false])
  })

  test('can’t be used to close one’s own account', async () => {
    const email = address()
    const departingUser = await account('departing', { email })
    await fixture.owner.query('UPDATE user_account SET issuer = $2, email = $3 WHERE id = $1', [
      ...[admin.userId, elsewhere, email],
    ])
    try {
      expect(await sheetOf(departingUser)).toMatchObject([{ handle: admin.handle, by: 'email', isOwn: true }])
      await expect(offboard(departingUser, [admin])).rejects.toMatchObject({ code: 'own_account' })
      expect(await gone(departingUser)).toEqual([false])
    } finally {
      await fixture.owner.query('UPDATE user_account SET issuer = $2 WHERE id = $1', [admin.userId, issuerOfTests])
    }
  })
})

test('several accounts are all closed or none', async () => {
  const email = address()
  const departingUser = await account('departing', { email })
  const other = await account('other', { email, issuer: elsewhere })
  const name = uniqueName('owned')
  await createSpace(fixture.as(other), { name, description: '', size: 'S', endsAt: null })
  const asked = {
    id: departingUser.userId,
    reason: 'left',
    confirmation: departingUser.handle,
    rest: null,
    accounts: [other.userId],
  }
  await expect(offboardPerson(fixture.as(admin), asked)).rejects.toMatchObject({ code: 'bad_input' })
  expect(await gone(departingUser, other)).toEqual([false, false])
  await expect(
    offboardPerson(fixture.as(admin), { ...asked, rest: { kind: 'hand-over', to: other.handle } }),
  ).rejects.toMatchObject({ code: 'grant_owner' })
  expect(await gone(departingUser, other)).toEqual([false, false])
})

test('an account that appears after the page was loaded prevents a partial offboarding', async () => {
  const [email, subject] = [address(), randomUUID()]
  const departingUser = await account('departing', { email })
  const other = await account('other', { email, subject, issuer: elsewhere })
  const client = await fixture.owner.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT 1 FROM user_account WHERE id = $1 FOR UPDATE', [departingUser.userId])
    const acting = offboard(departingUser, [other]).catch((error: unknown) => error)
    await untilBlockedBy(client, fixture.owner)
    const late = await account('late', { subject, issuer: `${elsewhere}/` })
    await client.query('COMMIT')
    expect(await acting).toMatchObject({ code: 'object_changed' })
    expect(await gone(departingUser, other, late)).toEqual([false, false, false])
    await offboard(departingUser, [other])
    expect(await gone(departingUser, other, late)).toEqual([true, true, true])
  } finally {
    client.release()
  }
})

test('two admins who offboard a person through different accounts close them once', async () => {
  const email = address()
  const [one, two] = [await account('one', { email }), await account('two', { email, issuer: elsewhere })]
  const second = await fixture.person('second', { platformRole: 'admin' })
  const results = await Promise.allSettled([offboard(one, [two]), offboard(two, [one], second)])
  expect(results.map((result) => (result.status === 'fulfilled' ? result.value !== null : 'refused'))).toContain(true)
  expect(await gone(one, two)).toEqual([true, true])
  const { rows } = await fixture.owner.query('SELECT count(*)::int AS n FROM offboarding WHERE person_id = ANY ($1)', [
    [one.userId, two.userId],
  ])
  expect(rows).toEqual([{ n: 2 }])
})
