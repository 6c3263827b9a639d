import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { findSizeRequest } from './find-size-request.ts'
import { requestSize } from './request-size.ts'
import { withdrawRequest } from './withdraw-request.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
})
afterAll(() => fixture.close())

test('people who may request a size see the open request, with a link only to their own; others see nothing', async () => {
  const [owner, admin, editor] = await Promise.all(['owner', 'admin', 'editor'].map((name) => fixture.person(name)))
  if (!owner || !admin || !editor) throw new Error('nobody there')
  const space = { name: uniqueName('waits') }
  await createSpace(fixture.as(owner), { ...space, description: '', size: 'S', endsAt: null })
  for (const [person, role] of [
    [admin, 'admin'],
    [editor, 'editor'],
  ] as const)
    await addGrant(fixture.as(owner), { space, principal: `user:${person.handle}`, role, endsAt: null })
  expect(await findSizeRequest(fixture.as(owner), space)).toBeNull()

  const { id } = await requestSize(fixture.as(owner), { space, size: 'L', reason: 'it grew' })
  expect(await findSizeRequest(fixture.as(owner), space)).toMatchObject({ size: 'L', by: owner.name, id })
  expect(await findSizeRequest(fixture.as(admin), space)).toMatchObject({ size: 'L', by: owner.name, id: null })
  await expect(findSizeRequest(fixture.as(editor), space)).rejects.toMatchObject({ code: 'forbidden' })

  const later = new Date(Date.now() + 400 * 86_400_000)
  expect(await findSizeRequest(fixture.as(owner, { clock: () => later }), space), 'the request expires').toBeNull()
  await withdrawRequest(fixture.as(owner), { id })
  expect(await findSizeRequest(fixture.as(owner), space)).toBeNull()
})
