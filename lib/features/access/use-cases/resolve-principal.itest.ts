import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { addGrant } from './add-grant.ts'
import { listGrants } from './list-grants.ts'
import { searchPrincipals } from './search-principals.ts'

let fixture: BrokerFixture
let owner: Actor
let name: string
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  owner = await fixture.person('resolver')
  name = uniqueName('resolve')
  await createSpace(fixture.as(owner), { name, description: '', size: 'S', endsAt: null })
})
afterAll(() => fixture.close())

const add = (principal: string) =>
  addGrant(fixture.as(owner), { space: { name }, principal, role: 'viewer', endsAt: null })
const handOver = (to: string) => offerSpace(fixture.as(owner), { space: { name }, to })
const search = (text: string) => searchPrincipals(fixture.as(owner), { space: { name }, text })

/** Sets the claims that the provider reports at sign-in. */
const callThemselves = (person: Actor, claims: { name: string; email: string }) =>
  fixture.owner.query('UPDATE user_account SET name = $1, email = $2 WHERE id = $3', [
    claims.name,
    claims.email,
    person.userId,
  ])

test('an email address, a name or part of a handle cannot be granted a role or ownership', async () => {
  const mallory = await fixture.person('mallory')
  const claimed = uniqueName('grace')
  await callThemselves(mallory, { name: `Grace ${claimed}`, email: `${claimed}@example.com` })
  const slug = mallory.handle.replace(/-[0-9a-f]+$/, '')
  for (const text of [`${claimed}@example.com`, `Grace ${claimed}`, slug, `user:${claimed}@example.com`]) {
    const refusal = {
      code: 'principal_unknown',
      sentence: expect.stringMatching(/^No one with the handle .* has signed in.* Enter an exact handle/),
    }
    await expect(add(text)).rejects.toMatchObject({ ...refusal, fields: { principal: refusal.sentence } })
    await expect(handOver(text)).rejects.toMatchObject({ ...refusal, fields: { to: refusal.sentence } })
  }
  expect((await listGrants(fixture.as(owner), { name })).grants).toEqual([])
  expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ standing: 'owner' })
})

test('handles and groups take precedence over names that people choose', async () => {
  const group = uniqueName('team')
  const [meant, mallory] = await Promise.all([
    fixture.person('meant', { groups: [group] }),
    fixture.person('mallory', { groups: [] }),
  ])
  await callThemselves(mallory, { name: group, email: meant.handle })
  expect(await add(meant.handle)).toMatchObject({ kind: 'user', user: { userId: meant.userId } })
  expect(await add(group)).toEqual({ kind: 'group', group, issuer: 'https://issuer.test' })
})

test('a closed directory finds only full handles and full group names', async () => {
  const group = uniqueName('closed')
  const person = await fixture.person('found', { groups: [group] })
  await callThemselves(person, { name: `Found ${group}`, email: `${group}@example.com` })
  const policy = { ...fixture.services.policy, directory: 'exact' as const }
  const find = (text: string) => searchPrincipals(fixture.as(owner, { policy }), { space: { name }, text })
  for (const text of [
    person.handle.slice(0, -1),
    person.handle.toUpperCase(),
    `Found ${group}`,
    `${group}@example.com`,
  ])
    expect(await find(text)).toEqual([])
  expect(await find(person.handle)).toMatchObject([{ kind: 'user', id: person.handle }])
  expect(await find(group)).toEqual([{ kind: 'group', id: group, people: 1, from: null }])
})

test('handles match exactly, with case and without wildcards', async () => {
  const person = await fixture.person('exact')
  await expect(add(person.handle.toUpperCase())).rejects.toMatchObject({ code: 'principal_unknown' })
  await expect(add(`${person.handle}%`)).rejects.toMatchObject({ code: 'principal_unknown' })
})

test('exact matches come first among any number of similar names', async () => {
  const group = uniqueName('crew')
  const member = await fixture.person('member', { groups: [group, `a-${group}`] })
  await Promise.all(
    Array.from({ length: 9 }, async (_, index) =>
      callThemselves(await fixture.person('alike'), { name: `A ${group} ${index}`, email: `${index}@example.com` }),
    ),
  )
  await callThemselves(member, { name: group.toUpperCase(), email: `${group}@example.com` })
  expect((await search(group)).slice(0, 2)).toMatchObject([
    { kind: 'group', id: group },
    { kind: 'user', id: member.handle },
  ])
  expect(await search(`${group.toUpperCase()}@example.com`)).toMatchObject([{ kind: 'user', id: member.handle }])
})
