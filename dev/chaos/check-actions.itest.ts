import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { createCredential } from '#lib/features/credentials/use-cases/create-credential.ts'
import { revokeCredential } from '#lib/features/credentials/use-cases/revoke-credential.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { checkActions } from './check-actions.ts'
import type { ConfirmedAction } from './compare-actions.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

test('actions that happened are found in the real trail, and each lost row is noticed', async () => {
  const [owner, guest] = [await fixture.person('owner'), await fixture.person('guest')]
  const [as, space] = [fixture.as(owner), { name: uniqueName('judged') }]
  await createSpace(as, { ...space, description: '', size: 'S', endsAt: null })
  await addGrant(as, { space, principal: guest.handle, role: 'editor', endsAt: null })
  const { grants } = await listGrants(as, space)
  const grant = grants.find(({ principal }) => principal.kind === 'user' && principal.handle === guest.handle)
  await removeGrant(as, { space, grantId: grant?.id ?? '' })
  await createCredential(as, { space })
  const sql = "SELECT id, encode(token_hash, 'hex') AS hash FROM credential WHERE user_id = $1"
  const { rows: credentials } = await fixture.owner.query<{ id: string; hash: string }>(sql, [owner.userId])
  const on = credentials[0]?.hash ?? ''
  const confirmed: ConfirmedAction[] = [
    { action: 'space.create', on: space.name, isPrompt: true },
    { action: 'grant.remove', on: space.name, isPrompt: true },
    { action: 'credential.revoke', on, isPrompt: true },
  ]
  expect(await checkActions(fixture.owner, confirmed)).toEqual([expect.stringContaining('it is not revoked')])
  await revokeCredential(as, { id: credentials[0]?.id ?? '' })
  expect(await checkActions(fixture.owner, confirmed)).toEqual([])

  const client = await fixture.owner.connect()
  try {
    const { rows } = await client.query<{ seq: string }>(
      "SELECT seq FROM audit_event WHERE action IN ('space.create', 'grant.remove', 'credential.revoke') AND actor_id = $1",
      [owner.userId],
    )
    expect(rows).toHaveLength(6)
    for (const { seq } of rows) {
      await client.query('BEGIN; ALTER TABLE audit_event DISABLE TRIGGER USER')
      await client.query('DELETE FROM audit_event WHERE seq = $1', [seq])
      expect(await checkActions(client, confirmed)).toEqual([expect.stringMatching(/^The trail lacks the /)])
      await client.query('ROLLBACK')
    }
  } finally {
    client.release()
  }
})
