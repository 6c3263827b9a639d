import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { type FilteredList, maxSavedFilters } from '#lib/features/filters/model/saved-filter.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { deleteFilter } from './delete-filter.ts'
import { listFilters } from './list-filters.ts'
import { renameFilter } from './rename-filter.ts'
import { saveFilter } from './save-filter.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

const auditor = () => fixture.person('auditor', { platformRole: 'auditor' })
const query = { person: 'bob', within: '7d' }
const save = (actor: Actor, name: string, more: { list?: FilteredList; query?: Record<string, string> } = {}) =>
  saveFilter(fixture.as(actor), { list: 'trail', name, query, ...more })
const savedOf = (actor: Actor, list: FilteredList = 'trail') => listFilters(fixture.as(actor), { list })
const namesOf = async (actor: Actor, list?: FilteredList) => (await savedOf(actor, list)).map(({ name }) => name)
const idOf = async (actor: Actor) => (await savedOf(actor))[0]?.id ?? ''
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error) => error.code ?? error,
  )

test('a saved filter belongs to one list and keeps its name until it is renamed or deleted', async () => {
  const actor = await auditor()
  await save(actor, 'What Bob does')
  expect(await savedOf(actor)).toEqual([{ id: expect.any(String), name: 'What Bob does', query }])
  expect(await savedOf(actor, 'people')).toEqual([])
  await renameFilter(fixture.as(actor), { id: await idOf(actor), name: '  Bob, lately ' })
  expect(await savedOf(actor)).toMatchObject([{ name: 'Bob, lately', query }])
  await deleteFilter(fixture.as(actor), { id: await idOf(actor) })
  expect(await savedOf(actor)).toEqual([])
})

test('a person cannot see, rename or delete another person’s filters, not even as an admin', async () => {
  const owner = await auditor()
  await save(owner, 'mine')
  const id = await idOf(owner)
  const others = [await auditor(), await fixture.person('admin', { platformRole: 'admin' })]
  for (const other of others) {
    expect(await savedOf(other)).toEqual([])
    expect(await codeOf(renameFilter(fixture.as(other), { id, name: 'theirs' }))).toBe('not_found')
    expect(await codeOf(deleteFilter(fixture.as(other), { id }))).toBe('not_found')
    expect(await codeOf(deleteFilter(fixture.as(other), { id: randomUUID() }))).toBe('not_found')
  }
  expect(await namesOf(owner)).toEqual(['mine'])
})

test('a person who may not see a list cannot save filters for it and no longer sees earlier ones', async () => {
  const member = await fixture.person('member')
  for (const list of ['trail', 'people', 'credentials'] as const) {
    expect(await codeOf(save(member, 'x', { list }))).toBe('forbidden')
    expect(await codeOf(savedOf(member, list))).toBe('forbidden')
  }
  await save(member, 'Mine', { list: 'spaces', query: { owner: 'me' } })
  expect(await namesOf(member, 'spaces')).toEqual(['Mine'])

  const actor = await auditor()
  await save(actor, 'kept')
  const id = await idOf(actor)
  await fixture.owner.query(`UPDATE user_account SET platform_role = 'member' WHERE id = $1`, [actor.userId])
  const former: Actor = { ...actor, platformRole: 'member' }
  expect(await codeOf(savedOf(former))).toBe('forbidden')
  // Also through a page that is already open.
  for (const who of [former, actor]) {
    expect(await codeOf(save(who, 'more'))).toBe('forbidden')
    expect(await codeOf(renameFilter(fixture.as(who), { id, name: 'x' }))).toBe('not_found')
    expect(await codeOf(deleteFilter(fixture.as(who), { id }))).toBe('not_found')
  }
  await fixture.owner.query(`UPDATE user_account SET platform_role = 'auditor' WHERE id = $1`, [actor.userId])
  expect(await namesOf(actor)).toEqual(['kept'])
})

test('saving the same filter again changes nothing; another with an equal name is refused, even in a different spelling', async () => {
  const actor = await auditor()
  await Promise.all(Array.from({ length: 5 }, () => save(actor, 'Café')))
  await save(actor, 'Cafe\u0301', { query: { within: '7d', person: 'bob' } })
  expect(await namesOf(actor)).toEqual(['Café'])
  expect(await codeOf(save(actor, 'Café', { query: { person: 'alice' } }))).toBe('name_taken')
  await save(actor, 'Tea')
  const [coffee] = await savedOf(actor)
  expect(await codeOf(renameFilter(fixture.as(actor), { id: coffee?.id ?? '', name: 'Tea' }))).toBe('name_taken')
  const trail = await fixture.owner.query(
    `SELECT count(*)::int AS n FROM audit_event WHERE actor_id = $1 AND action = 'filter.save' AND intent_id IS NULL AND outcome IS NULL`,
    [actor.userId],
  )
  expect(trail.rows).toEqual([{ n: 2 }])
})

test('different filters saved concurrently under one name leave one', async () => {
  const actor = await auditor()
  const all = Array.from({ length: 6 }, (_, n) => codeOf(save(actor, 'one', { query: { person: `p${n}` } })))
  expect((await Promise.all(all)).sort()).toEqual(['done', ...Array(5).fill('name_taken')])
  expect(await namesOf(actor)).toEqual(['one'])
})

test('concurrent renames to one name succeed once', async () => {
  const actor = await auditor()
  for (const name of ['a', 'b', 'c', 'd']) await save(actor, name)
  const all = (await savedOf(actor)).map(({ id }) => codeOf(renameFilter(fixture.as(actor), { id, name: 'one' })))
  expect((await Promise.all(all)).sort()).toEqual(['done', ...Array(3).fill('name_taken')])
  expect((await namesOf(actor)).filter((name) => name === 'one')).toHaveLength(1)
})

test('a person has at most 20 filters per list, even with concurrent saves', async () => {
  const actor = await auditor()
  for (let n = 0; n < maxSavedFilters - 2; n++) await save(actor, `filter ${n}`)
  const more = await Promise.all(Array.from({ length: 8 }, (_, n) => codeOf(save(actor, `more ${n}`))))
  expect(more.sort()).toEqual(['done', 'done', ...Array(6).fill('too_many_filters')])
  expect(await savedOf(actor)).toHaveLength(maxSavedFilters)
  // Other lists and other people have room, and deleting one makes room.
  await save(actor, 'there', { list: 'people', query: { search: 'bob' } })
  await save(await auditor(), 'theirs')
  await deleteFilter(fixture.as(actor), { id: await idOf(actor) })
  await save(actor, 'again')
  expect(await savedOf(actor)).toHaveLength(maxSavedFilters)
})

test('a second deletion finds nothing', async () => {
  const actor = await auditor()
  await save(actor, 'gone')
  const id = await idOf(actor)
  await Promise.all([1, 2].map(() => deleteFilter(fixture.as(actor), { id }).catch(() => {})))
  expect(await codeOf(deleteFilter(fixture.as(actor), { id }))).toBe('not_found')
  expect(await codeOf(renameFilter(fixture.as(actor), { id, name: 'back' }))).toBe('not_found')
})

test.each([
  ['an empty name', ''],
  ['a blank name', ' \u00a0 '],
  ['an invisible name', '\u200b\u2060'],
  ['a name of 61 characters', 'x'.repeat(61)],
  ['a name of two lines', 'a\nb'],
  ['a control character', 'a\u0007b'],
  ['NUL', 'a\0b'],
  ['a bidirectional override', 'a\u202eb'],
  ['half a character', 'a\ud800'],
])('%s is refused', async (_what, name) => {
  const actor = await auditor()
  expect(await codeOf(save(actor, name))).toBe('bad_input')
  await save(actor, 'good')
  expect(await codeOf(renameFilter(fixture.as(actor), { id: await idOf(actor), name }))).toBe('bad_input')
  expect(await namesOf(actor)).toEqual(['good'])
})

test.each([
  ['nothing', {}],
  ['an address as a name', { 'https://evil.test/?x': 'y' }],
  ['a control character', { person: 'a\u001b[31m' }],
  ['NUL', { person: 'a\0' }],
  ['an empty value', { person: '' }],
  ['a value that is too long', { person: 'x'.repeat(2_001) }],
  ['too many', Object.fromEntries(Array.from({ length: 13 }, (_, n) => [String.fromCharCode(97 + n), 'x']))],
])('a query of %s is refused', async (_what, hostile) => {
  const actor = await auditor()
  expect(await codeOf(save(actor, 'x', { query: hostile }))).toBe('bad_input')
  expect(await savedOf(actor)).toEqual([])
})

test('names are stored as written, including quotes and markup', async () => {
  const actor = await auditor()
  const names = [`'; DROP TABLE saved_filter; --`, '<script>alert(1)</script>', '日本語 👩‍🚀', 'x'.repeat(60)]
  for (const name of names) await save(actor, name)
  expect((await namesOf(actor)).sort()).toEqual([...names].sort())
})

test('the trail records the list, but neither the filter’s name nor its content', async () => {
  const actor = await auditor()
  await save(actor, 'secret name', { query: { person: 'secret person' } })
  const id = await idOf(actor)
  await renameFilter(fixture.as(actor), { id, name: 'secret too' })
  await deleteFilter(fixture.as(actor), { id })
  const { rows } = await fixture.owner.query(
    `SELECT action, target_kind, target_id, detail, to_jsonb(e)::text LIKE '%secret%' AS told FROM audit_event e
     WHERE actor_id = $1 AND intent_id IS NULL AND action LIKE 'filter.%' ORDER BY seq`,
    [actor.userId],
  )
  const about = { target_kind: 'filter', target_id: id, detail: { list: 'trail' }, told: false }
  expect(rows).toEqual(['filter.save', 'filter.rename', 'filter.delete'].map((action) => ({ action, ...about })))
})
