import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { newCheckpointKey } from '#dev/testing/fixtures/trail-scene.ts'
import { openWebFixture, type WebFixture } from '#dev/testing/fixtures/web-fixture.ts'
import { publicJwk, readCheckpointKey, readPublicKeys } from '#lib/features/audit/chain/checkpoint.ts'
import { createCheckpointSigner } from '#lib/features/audit/use-cases/sign-checkpoint.ts'
import { createPool } from '#lib/kernel/db/pool.ts'

let web: WebFixture
beforeAll(async () => {
  web = await openWebFixture()
}, 300_000)
afterAll(() => web?.close())

test('anyone can get the public keys of checkpoints, including replaced ones, and nothing else', async () => {
  const { services, owner } = web.broker
  const { worker } = (await ownDatabase()).databaseUrls
  const pool = createPool(worker, { process: 'worker', max: 1, applicationName: 'test-worker' })
  const keys = [newCheckpointKey(), newCheckpointKey()]
  for (const key of keys) {
    await owner.query(
      `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome)
       VALUES (gen_random_uuid(), 'space.create', clock_timestamp(), 'system', 'portal', 'worker/test', 'portal', 'ok')`,
    )
    await owner.query('SELECT seal_trail(1000)')
    await createCheckpointSigner(key)({ ...services, pool, origin: { observer: 'worker/test', requestId: 'test' } })
  }
  await pool.end()
  const answer = await web.get('/.well-known/spaceport-trail-keys.json')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-security-policy')).toContain(`default-src 'none'`)
  const text = await answer.text()
  expect(readPublicKeys(text).map(publicJwk)).toEqual(keys.map((key) => publicJwk(readCheckpointKey(key))))
  expect(text).not.toMatch(/PRIVATE|"d"/)
})
