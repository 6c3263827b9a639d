import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { selectAuditNames } from './select-audit-names.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
})
afterAll(() => fixture?.close())

test('only readers who may see inside a space get a link to it, and only as long as they may', async () => {
  const [owner, member, admin] = [
    await fixture.person('owner'),
    await fixture.person('member'),
    await fixture.person('padmin', { platformRole: 'admin' }),
  ]
  const name = uniqueName('led')
  await createSpace(fixture.as(owner), { name, description: '', size: 'S', endsAt: null })
  const { rows } = await fixture.owner.query('SELECT id FROM space WHERE name = $1', [name])
  const id = String(rows[0].id)
  const isOpen = async (reader: Actor) => {
    const mentions = { handles: [], spaces: [id], credentials: [] }
    const names = await selectAuditNames(fixture.services.pool, mentions, { userId: reader.userId, at: new Date() })
    return names.spaces[id]?.isOpen
  }
  const all = async () => [await isOpen(owner), await isOpen(member), await isOpen(admin)]
  expect(await all()).toEqual([true, false, false])
  const principal = `user:${member.handle}` as const
  await addGrant(fixture.as(owner), { space: { name }, principal, role: 'viewer', endsAt: null })
  expect(await all()).toEqual([true, true, false])
  const { grants } = await listGrants(fixture.as(owner), { name })
  const grant = grants.find((one) => one.principal.kind === 'user' && one.principal.handle === member.handle)
  await removeGrant(fixture.as(owner), { space: { name }, grantId: grant?.id ?? '' })
  expect(await all()).toEqual([true, false, false])
  await deleteSpace(fixture.as(owner), { space: { name }, confirmation: name })
  expect(await all()).toEqual([false, false, false])
})
