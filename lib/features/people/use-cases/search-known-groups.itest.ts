import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { searchKnownGroups } from './search-known-groups.ts'

const team = `team-${randomBytes(4).toString('hex')}`

let fixture: BrokerFixture
let admin: Actor
let auditor: Actor
let member: Actor
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  admin = await fixture.person('admin', { platformRole: 'admin' })
  auditor = await fixture.person('auditor', { platformRole: 'auditor' })
  member = await fixture.person('member', { groups: [team, `${team}-ops`] })
  await fixture.person('second', { groups: [`${team}-ops`] })
  // As many as are found, and earlier in the alphabet.
  const elsewhere = Array.from({ length: 8 }, (_, at) => `${team}-${at}`)
  await fixture.person('former', { groups: elsewhere, issuer: 'https://former.example.com' })
})
afterAll(() => fixture.close())

test('people who may list people find the main provider’s groups by part of a name, an exact match first', async () => {
  for (const reader of [admin, auditor])
    expect(await searchKnownGroups(fixture.as(reader), { text: team.toUpperCase() })).toEqual([
      { group: team, people: 1 },
      { group: `${team}-ops`, people: 2 },
    ])
  expect(await searchKnownGroups(fixture.as(admin), { text: '%' })).toEqual([])
})

test('others learn of no group', async () => {
  await expect(searchKnownGroups(fixture.as(member), { text: team })).rejects.toMatchObject({ code: 'forbidden' })
})

test('a text that no group can match is refused', async () => {
  for (const text of ['', ' ', 'x'.repeat(101), 'a\0'])
    await expect(searchKnownGroups(fixture.as(admin), { text }), JSON.stringify(text)).rejects.toMatchObject({
      code: 'bad_input',
    })
})
