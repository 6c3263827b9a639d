/** A stolen provisioning token, or an overly busy provider, must not block other people's changes. */
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { addScimToken } from '#dev/testing/fixtures/scim-client.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { markAllRead } from '#lib/features/inbox/use-cases/mark-all-read.ts'
import { parseGroup } from '#lib/features/scim/protocol/group.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { changeGroup } from './change-group.ts'
import { createGroup } from './create-group.ts'
import { ProvisionerContext } from './provisioner-context.ts'
import { revokeProvisioningToken } from './revoke-token.ts'

const memberCount = 2_000

let fixture: BrokerFixture
let admin: Actor
let members: string[]

beforeAll(async () => {
  fixture = await openBrokerFixture({ usualLimits: true })
  admin = await fixture.person('admin', { platformRole: 'admin' })
  const { rows } = await fixture.owner.query<{ id: string }>(
    `WITH people AS (
       INSERT INTO user_account (id, issuer, subject, handle, name, email)
       SELECT gen_random_uuid(), 'https://issuer.test', 'heavy-' || n, 'heavy-' || n, 'x', 'x' FROM generate_series(1, $1::int) n RETURNING id, handle)
     INSERT INTO scim_user (id, user_id, user_name, attributes, created_at, modified_at)
     SELECT gen_random_uuid(), id, handle, '{}', now(), now() FROM people RETURNING id`,
    [memberCount],
  )
  members = rows.map(({ id }) => id)
})
afterAll(() => fixture.close())

const provisioner = (tokenId: string) =>
  new ProvisionerContext({
    ...fixture.services,
    provisioner: { tokenId, name: 'tests', makers: [] },
    settings: {
      subject: 'externalId',
      subjectClaim: 'sub',
      adminGroups: [],
      auditorGroups: [],
      base: 'https://spaceport.test/scim/v2',
    },
    origin: { observer: 'web/test', requestId: 'test', sourceAddress: '127.0.0.1' },
  })

const groupOf = (displayName: string, ids: readonly string[]) =>
  parseGroup({ displayName, members: ids.map((value) => ({ value })) })

const codesOf = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.map((result) =>
    result.status === 'fulfilled' ? 'ok' : ((result.reason as { code?: string }).code ?? String(result.reason)),
  )

test('60 concurrent replacements of thousands of members fail no other change and don’t delay revoking their token', async () => {
  const half = members.slice(0, memberCount / 2)
  const failed: string[] = []
  /** @returns milliseconds until the token is revoked; infinity if a change failed, which a stall may cause */
  const revoke = async () => {
    const token = await addScimToken(fixture.owner, admin)
    const thief = provisioner(token.id)
    const { id } = await createGroup(thief, groupOf(uniqueName('heavy'), members))
    const replace = (n: number) => {
      const change = { replace: true, add: new Set(n % 2 === 0 ? half : members), remove: new Set<string>() }
      return changeGroup(thief, { id, ifMatch: null, withMembers: false, change })
    }
    const flood = Promise.allSettled(Array.from({ length: 60 }, (_, n) => replace(n)))
    const people = await Promise.all(Array.from({ length: 5 }, () => fixture.person('busy')))
    const changes = await Promise.allSettled(
      people.map((person) => markAllRead(fixture.as(person), { until: new Date().toISOString() })),
    )
    const start = performance.now()
    const revoked = await Promise.allSettled([revokeProvisioningToken(fixture.as(admin), { id: token.id })])
    const revokedAfter = performance.now() - start
    const codes = codesOf(await flood)
    const others = codesOf([...changes, ...revoked]).filter((code) => code !== 'ok')
    failed.push(...others)
    const count = (code: string) => codes.filter((one) => one === code).length
    expect(count('rate_limited')).toBeGreaterThan(30)
    expect(
      codes.filter((code) => !['ok', 'scim_token', 'rate_limited', 'database_unavailable'].includes(code)),
    ).toEqual([])
    return others.length === 0 && count('scim_token') > 0 ? revokedAfter : Number.POSITIVE_INFINITY
  }
  expect(await fastestOfThree(3_000, revoke), failed.join()).toBeLessThan(3_000)
})

test('a change waits while another process uses the same token, then fails as busy; other tokens are not affected', async () => {
  const token = await addScimToken(fixture.owner, admin)
  const other = await fixture.owner.query<{ id: string }>(
    `INSERT INTO scim_token (id, name, slot, token_hash, created_at, created_by_id) VALUES (gen_random_uuid(), 'other', 1, 'heavy', now(), $1) RETURNING id`,
    [admin.userId],
  )
  const elsewhere = new pg.Client({ connectionString: (await ownDatabase()).databaseUrls.web })
  await elsewhere.connect()
  await elsewhere.query('BEGIN')
  await elsewhere.query('SELECT hold_provisioning($1)', [token.id])
  await expect(createGroup(provisioner(token.id), groupOf(uniqueName('waits'), []))).rejects.toMatchObject({
    code: 'busy',
    status: 503,
  })
  await createGroup(provisioner(other.rows[0]?.id ?? ''), groupOf(uniqueName('goes-on'), []))
  const waiting = createGroup(provisioner(token.id), groupOf(uniqueName('follows'), []))
  await elsewhere.query('COMMIT')
  await waiting
  await elsewhere.end()
})
