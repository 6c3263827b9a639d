import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepFromTrail } from '#dev/testing/database/keep-from-trail.ts'
import { type BrokerFixture, openBrokerFixture, type TestContext } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { askWhatMay } from '#lib/features/access/use-cases/ask-what-may.ts'
import { askWhoMay } from '#lib/features/access/use-cases/ask-who-may.ts'
import { createCredential } from '#lib/features/credentials/use-cases/create-credential.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'

/** Requests with this prefix in their id get no trail row; those of other tests do. */
const mark = uniqueName('untold')

let fixture: BrokerFixture
let notifyAgain: () => Promise<void>
beforeAll(async () => {
  fixture = await openBrokerFixture()
  notifyAgain = await keepFromTrail(fixture.owner, mark, `NEW.request_id LIKE '${mark}%'`)
})
afterAll(async () => {
  await notifyAgain()
  await fixture.close()
})

const untold = ({ actor }: TestContext) => fixture.as(actor, {}, `${mark}-1`)

test('a change that can’t be written to the trail isn’t made', async () => {
  const [ann, ben] = await Promise.all([fixture.person('ann'), fixture.person('ben')])
  const ctx = fixture.as(ann)
  const name = uniqueName('untold')
  const refusal = expect.objectContaining({ name: 'AppError', code: 'trail_unavailable' })

  await expect(createSpace(untold(ctx), { name, description: '', size: 'S', endsAt: null })).rejects.toEqual(refusal)
  expect(await fixture.services.db.space.count({ where: { name } })).toBe(0)
  expect(await findNamespace(ctx.clusters.get('default'), name)).toBeUndefined()

  const { space } = await createSpace(ctx, { name, description: '', size: 'S', endsAt: null })
  const grant = { space, principal: ben.handle, role: 'viewer' as const, endsAt: null }
  await expect(addGrant(untold(ctx), grant)).rejects.toEqual(refusal)
  await expect(createCredential(untold(ctx), { space })).rejects.toEqual(refusal)
  await expect(deleteSpace(untold(ctx), { space, confirmation: name })).rejects.toEqual(refusal)
  const row = await fixture.services.db.space.findFirstOrThrow({
    where: { name },
    select: { status: true, grants: true, credentials: true },
  })
  expect(row).toEqual({ status: 'ready', grants: [], credentials: [] })

  await deleteSpace(ctx, { space, confirmation: name })
})

test('a cluster isn’t called if that can’t be written to the trail', async () => {
  const [ann, auditor] = await Promise.all([
    fixture.person('ann'),
    fixture.person('auditor', { platformRole: 'auditor' }),
  ])
  const space = { name: uniqueName('untold') }
  await createSpace(fixture.as(ann), { ...space, description: '', size: 'S', endsAt: null })
  const asked: string[] = []
  const { clusters } = fixture.as(auditor)
  const watched = {
    clusters: {
      ...clusters,
      get(name: string) {
        asked.push(name)
        return clusters.get(name)
      },
    },
  }
  const ctx = fixture.as(auditor, watched, `${mark}-2`)
  const refusal = expect.objectContaining({ name: 'AppError', code: 'trail_unavailable' })
  await expect(askWhoMay(ctx, { space, verb: 'get', resource: 'pods' })).rejects.toEqual(refusal)
  await expect(askWhatMay(ctx, { space, person: ann.handle })).rejects.toEqual(refusal)
  expect(asked).toEqual([])
  await askWhatMay(fixture.as(auditor, watched), { space, person: ann.handle })
  expect(asked).toEqual(['default'])
})
