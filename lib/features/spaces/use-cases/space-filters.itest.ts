import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { SpaceFilter } from '#lib/kernel/model/spaces/space-query.ts'
import { createSpace } from './create-space.ts'
import { exportSpaces } from './export-spaces.ts'
import { listSpaces } from './list-spaces.ts'
import { searchGroups } from './search-groups.ts'

const present = 'https://present.test'
const formula = '=cmd|’/c calc’!A0, "x"'
const name = { small: uniqueName('small'), large: uniqueName('large'), foreign: uniqueName('foreign') }
const group = uniqueName('team_x')

let fixture: BrokerFixture
let admin: Actor
let ann: Actor
let ben: Actor
let member: Actor

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)

beforeAll(async () => {
  fixture = await openBrokerFixture()
  ;[admin, ann, ben, member] = await Promise.all([
    fixture.person('admin', { platformRole: 'admin' }),
    fixture.person('ann', { groups: [group] }),
    fixture.person('ben', { groups: [group], issuer: `${present}/` }),
    fixture.person('member'),
  ])
  const make = (who: Actor, draft: Partial<Parameters<typeof createSpace>[1]> & { name: string }) =>
    createSpace(fixture.as(who), { description: '', size: 'S', endsAt: null, ...draft })
  await make(ann, { name: name.small, description: formula, endsAt: inDays(3) })
  await make(ann, { name: name.large, size: 'M', endsAt: inDays(20) })
  await make(ben, { name: name.foreign, size: 'M' })
  const give = (who: Actor, space: string, principal: string, issuer?: string) =>
    addGrant(fixture.as(who, issuer ? { issuer } : {}), {
      space: { name: space },
      principal,
      role: 'viewer',
      endsAt: null,
    })
  await give(ann, name.small, `group:${group}`)
  await give(ben, name.foreign, `group:${group}`, present)
  await give(ann, name.large, member.handle)
}, 300_000)
afterAll(() => fixture.close())

const list = async (who: Actor, filter: SpaceFilter) => {
  const { rows, total, ownerName } = await listSpaces(fixture.as(who), filter)
  return { names: rows.map((row) => row.name).sort(), total, ownerName }
}
const names = async (who: Actor, filter: SpaceFilter) => (await list(who, filter)).names

const text = async (filter: Parameters<typeof exportSpaces>[1]) => {
  let all = ''
  for await (const piece of await exportSpaces(fixture.as(admin), filter)) all += piece
  return all
}

test('an admin finds spaces by owner, size, cluster and end, and by several at once', async () => {
  const { small, large } = name
  expect(await names(admin, { owner: ann.handle })).toEqual([large, small].sort())
  expect(await names(admin, { owner: ann.handle, size: 'M' })).toEqual([large])
  expect(await names(admin, { owner: ann.handle, ends: 'soon' })).toEqual([small])
  expect(await names(admin, { owner: ann.handle, size: 'M', ends: 'soon' })).toEqual([])
  const { defaultName } = fixture.as(admin).clusters
  expect(await names(admin, { owner: ann.handle, cluster: defaultName })).toEqual([large, small].sort())
  expect(await names(admin, { cluster: 'elsewhere' })).toEqual([])
})

test('an admin finds the spaces in which they have a role of their own, through a group too', async () => {
  const { large, foreign } = name
  expect(await names(admin, { role: 'any' })).toEqual([])
  await addGrant(fixture.as(ann), {
    space: { name: large },
    principal: admin.handle,
    role: 'viewer',
    endsAt: null,
  })
  expect(await names(admin, { role: 'any' })).toEqual([large])
  expect(await names(ben, { role: 'any' })).toEqual([foreign])
  expect(await names(member, { role: 'any' })).toEqual([large])
  const { grants } = await listGrants(fixture.as(ann), { name: large })
  const own = grants.find(({ principal }) => principal.kind === 'user' && principal.handle === admin.handle)
  await removeGrant(fixture.as(ann), { space: { name: large }, grantId: own?.id ?? '' })
  expect(await names(admin, { role: 'any' })).toEqual([])
})

test('a space’s managers are shown, can be filtered by, and are in the file', async () => {
  const owned = { owner: ann.handle }
  const owner = new pg.Pool({ connectionString: (await ownDatabase()).ownerDatabaseUrl, max: 1 })
  const declare = (namespace: string | null) =>
    owner.query('UPDATE space SET declared_namespace = $2 WHERE name = $1', [name.large, namespace])
  await declare('team-a')
  try {
    for (const who of [admin, member]) {
      const { rows } = await listSpaces(fixture.as(who), owned)
      expect(rows.find((row) => row.name === name.large)?.declaredNamespace).toBe('team-a')
    }
    expect(await names(admin, { ...owned, managed: 'git' })).toEqual([name.large])
    expect(await names(admin, { ...owned, managed: 'portal' })).toEqual([name.small])
    expect(await names(member, { managed: 'portal' })).toEqual([])
    expect(await text({ ...owned, managed: 'git' })).toMatch(
      new RegExp(`\\r\\n${name.large},.*,team-a/${name.large},\\r\\n$`),
    )
  } finally {
    await declare(null)
    await owner.end()
  }
  expect(await names(admin, { ...owned, managed: 'git' })).toEqual([])
})

test('spaces that have ended, or are being deleted, don’t “end soon”', async () => {
  const { rows } = await listSpaces(fixture.as(admin), { owner: ann.handle, ends: 'soon' })
  const id = rows[0]?.id
  const set = (status: string, endsAt: Date) =>
    fixture.owner.query('UPDATE space SET status = $2, ends_at = $3 WHERE id = $1', [id, status, endsAt])
  try {
    await set('ready', inDays(-1))
    expect(await names(admin, { owner: ann.handle, ends: 'soon' })).toEqual([])
    await set('deleting', inDays(3))
    expect(await names(admin, { owner: ann.handle, ends: 'soon' })).toEqual([])
  } finally {
    await set('ready', inDays(3))
  }
  expect(await names(admin, { owner: ann.handle, ends: 'soon' })).toEqual([name.small])
})

test('two groups of the same name are distinguished by their provider', async () => {
  expect(await names(admin, { group })).toEqual([name.small])
  expect(await names(admin, { group, issuer: present })).toEqual([name.foreign])
  expect(await names(admin, { group, issuer: 'https://nowhere.test' })).toEqual([])
  expect(await searchGroups(fixture.as(admin), { text: group })).toEqual([
    { group, issuer: null, spaces: 1 },
    { group, issuer: present, spaces: 1 },
  ])
  expect(await searchGroups(fixture.as(admin), { text: group.replace('_', '%') })).toEqual([])
})

test('the owner in the filter is named even when no space matches', async () => {
  expect(await list(admin, { owner: ann.handle, status: 'failed' })).toEqual({
    names: [],
    total: 0,
    ownerName: ann.name,
  })
})

test('a member’s filters about others only narrow what the member sees anyway', async () => {
  expect(await names(member, {})).toEqual([name.large])
  expect(await list(member, { owner: ann.handle })).toEqual({ names: [name.large], total: 1, ownerName: ann.name })
  for (const filter of [
    { owner: ben.handle },
    { owner: ben.handle, group, issuer: present },
    { group },
    { group, issuer: present },
    { owner: ann.handle, size: 'S' as const },
    { owner: ann.handle, ends: 'soon' as const },
  ])
    expect(await list(member, filter), JSON.stringify(filter)).toEqual({ names: [], total: 0, ownerName: null })
  // As for a person and a group that don’t exist.
  expect(await list(member, { owner: 'nobody-000000', group: 'none' })).toEqual({
    names: [],
    total: 0,
    ownerName: null,
  })
})

test('only platform admins see when a space was last used', async () => {
  const at = new Date('2026-11-01T08:00:00Z')
  const owned = { owner: ann.handle, size: 'M' as const }
  const row = async (who: Actor) => (await listSpaces(fixture.as(who), owned)).rows[0]
  expect((await row(admin))?.lastUsedAt).toBeNull()
  const owner = new pg.Pool({ connectionString: (await ownDatabase()).ownerDatabaseUrl, max: 1 })
  await owner.query('INSERT INTO space_use (space_id, user_id, last_used_at) VALUES ($1, $2, $3)', [
    (await row(admin))?.id,
    ann.userId,
    at,
  ])
  await owner.end()
  expect((await row(admin))?.lastUsedAt).toEqual(at)
  expect(await row(member)).toMatchObject({ name: name.large, lastUsedAt: null })
  expect(await row(ann)).toMatchObject({ name: name.large, lastUsedAt: null })
})

test('the file has the filtered spaces in order, and runs no formula in a spreadsheet', async () => {
  const [header, ...lines] = (await text({ owner: ann.handle, sort: 'ends', descending: true })).trimEnd().split('\r\n')
  expect(header).toMatch(/^name,cluster,namespace,description,owner,owner_name,status,size,created,ends,roles,/)
  expect(lines.map((line) => line.split(',')[0])).toEqual([name.large, name.small])
  expect(lines[1]).toContain(`"'=cmd|’/c calc’!A0, ""x""",${ann.handle},`)
  expect((await text({ owner: ann.handle, size: 'L' })).trimEnd().split('\r\n')).toEqual([header])
  expect((await text({ group, issuer: present })).split('\r\n')[1]).toMatch(new RegExp(`^${name.foreign},`))
})

test('the trail records the download with its filters', async () => {
  await text({ owner: ben.handle, size: 'M' })
  const { rows } = await fixture.services.pool.query(
    `SELECT detail FROM audit_event WHERE action = 'space.export' AND actor_handle = $1 ORDER BY seq DESC LIMIT 1`,
    [admin.handle],
  )
  expect(rows[0]?.detail).toMatchObject({ owner: ben.handle, size: 'M' })
})
