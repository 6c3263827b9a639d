import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

let fixture: Fixture
let owner: Awaited<ReturnType<Fixture['person']>>
let space: Awaited<ReturnType<Fixture['space']>>

beforeAll(async () => {
  fixture = await openGatewayFixture()
  owner = await fixture.person('owner')
  space = await fixture.space(owner)
})
afterAll(() => fixture?.close())

test('a change that waited for the trail while its credential was revoked is not sent, and the trail has the refusal', async () => {
  const credential = await fixture.credential(owner, { namespace: space.namespace })
  await fixture.asAdmin(['-n', space.namespace, 'create', 'configmap', 'kept'])
  await credential.run(['get', 'pods'])
  const client = await fixture.holdTrail()
  const deleting = credential.run(['delete', 'configmap', 'kept', '--wait=false'])
  await vi.waitFor(async () => expect(await fixture.trailWaits()).toBe(true), 30_000)
  await fixture.sql('UPDATE credential SET revoked_at = now() WHERE id = $1', [credential.id])
  // The gateway has been notified: reads don't wait for the trail.
  await expect.poll(async () => (await credential.run(['get', 'pods'])).all).toContain('revoked')
  await client.release()
  expect((await deleting).all).toContain('revoked')
  await fixture.asAdmin(['-n', space.namespace, 'get', 'configmap', 'kept'])
  const rows = await fixture.sql(
    `SELECT o.outcome::text, o.reason FROM audit_event i JOIN audit_event o ON o.intent_id = i.id
     WHERE i.action = 'kubectl.delete' AND i.detail ->> 'credential' = $1`,
    [credential.id],
  )
  expect(rows).toEqual([{ outcome: 'refused', reason: 'credential_revoked' }])
})
