import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { wish } from '#dev/testing/fixtures/policy-scene.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { noteCredentialUse } from '#lib/gateway/db/note-use.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { createCredential, createCredentialForAll } from './create-credential.ts'
import { listAllCredentials } from './list-all-credentials.ts'
import { listActiveCredentials } from './list-credentials.ts'
import { revokeOwnCredentials } from './revoke-credentials.ts'

let fixture: BrokerFixture
let owner: Actor
let other: Actor
const space = { name: wish().name }
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
  ;[owner, other] = [await fixture.person('owner'), await fixture.person('other')]
  await createSpace(fixture.as(owner), { ...wish(), ...space })
})
afterAll(() => fixture.close())

const active = (person: Actor) => listActiveCredentials(fixture.as(person))

test('a kubeconfig is listed with its name and the start of its token only', async () => {
  const { kubeconfig } = await createCredential(fixture.as(owner), { space, name: '  my laptop ' })
  const token = /spt_[\w-]{43}/.exec(kubeconfig)?.[0] ?? ''
  const [listed] = await active(owner)
  expect(listed).toMatchObject({ name: 'my laptop', tokenStart: token.slice(4, 10), lastUsedClient: null })
  expect(JSON.stringify(listed)).not.toContain(token.slice(4, 11))
  const { rows } = await fixture.owner.query(`SELECT to_jsonb(c)::text AS kept FROM credential c WHERE id = $1`, [
    listed?.id,
  ])
  expect(rows[0].kept).not.toContain(token.slice(4, 11))
  const trail = await fixture.owner.query(
    `SELECT detail ->> 'name' AS name, detail::text AS detail FROM audit_event WHERE action = 'credential.create' AND detail ->> 'credential' = $1`,
    [listed?.id],
  )
  expect(trail.rows[0]).toMatchObject({ name: 'my laptop', detail: expect.not.stringContaining(token.slice(4, 10)) })
  await expect(
    fixture.owner.query('UPDATE credential SET token_start = $2 WHERE id = $1', [listed?.id, token.slice(4, 20)]),
  ).rejects.toThrow(/credential_token_start/)
})

test('a name is optional and not unique', async () => {
  for (const name of [undefined, '', 'laptop', 'laptop', 'Büro 💻', 'حاسوب', '<b>laptop</b>', 'x'.repeat(60)])
    await createCredentialForAll(fixture.as(owner), { name })
  const names = (await active(owner)).filter((one) => one.space === null).map(({ name }) => name)
  expect(names.reverse()).toEqual([null, null, 'laptop', 'laptop', 'Büro 💻', 'حاسوب', '<b>laptop</b>', 'x'.repeat(60)])
})

test('a name that is too long or has hidden or direction-changing characters is refused', async () => {
  const before = await active(owner)
  for (const name of [
    'x'.repeat(61),
    'x'.repeat(10_000),
    'a\u0000b',
    'a\u0007b',
    'a\nb',
    'a\tb',
    'a\u2028b',
    'a\u202eb',
    'a\u2066b',
    '\ud800',
  ])
    await expect(createCredential(fixture.as(owner), { space, name }), name).rejects.toMatchObject({
      code: 'bad_input',
    })
  expect(await active(owner)).toEqual(before)
})

test('the last use is shown to the owner and platform admins, and an older use doesn’t replace it', async () => {
  await createCredential(fixture.as(owner), { space, name: 'used' })
  const used = async () => (await active(owner)).find(({ name }) => name === 'used')
  const credentialId = (await used())?.id ?? ''
  const use = { credentialId, at: new Date(), sourceAddress: '192.0.2.1', client: 'kubectl 1.36, linux' }
  await noteCredentialUse(fixture.owner, [use])
  await noteCredentialUse(fixture.owner, [{ ...use, at: new Date(use.at.getTime() - 1), client: 'older 1.0' }])
  expect(await used()).toMatchObject({ lastUsedAddress: '192.0.2.1', lastUsedClient: 'kubectl 1.36, linux' })
  const admin = fixture.as(await fixture.person('padmin', { platformRole: 'admin' }))
  const { rows } = await listAllCredentials(admin, { person: owner.handle })
  expect(rows.find(({ id }) => id === credentialId)).toMatchObject({
    name: 'used',
    lastUsedClient: 'kubectl 1.36, linux',
  })
})

test('a bulk revocation affects one’s own kubeconfigs only, with a trail entry for each', async () => {
  await createSpace(fixture.as(other), wish())
  await createCredentialForAll(fixture.as(other), { name: 'theirs' })
  const [theirs] = await active(other)
  const mine = (await active(owner)).slice(0, 2).map(({ id }) => id)
  expect(await revokeOwnCredentials(fixture.as(owner), { ids: [...mine, theirs?.id ?? ''] })).toBe(2)
  expect(await active(other)).toHaveLength(1)
  const left = (await active(owner)).map(({ id }) => id)
  for (const id of mine) expect(left).not.toContain(id)
  const { rows } = await fixture.owner.query<{ ids: string[] }>(
    `SELECT ARRAY(SELECT jsonb_array_elements_text(detail -> 'credentials')) AS ids FROM audit_event
     WHERE action = 'credential.revoke' AND detail ? 'credentials'`,
  )
  expect(rows.flatMap(({ ids }) => ids).sort()).toEqual(mine.sort())
})
