import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { wish } from '#dev/testing/fixtures/policy-scene.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { changePolicy } from './change-policy.ts'
import { readPolicy } from './read-policy.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
})
afterAll(() => fixture.close())

test('the configuration applies until a version is saved, which replaces it', async () => {
  const platformAdmin = fixture.as(await fixture.person('padmin', { platformRole: 'admin' }))
  expect(await readPolicy(platformAdmin, {})).toMatchObject({
    number: 0,
    rules: { spaceLimit: 5, maxSize: 'M' },
    versions: [],
  })
  const rules = { ...fixture.services.configuredRules, spaceLimit: 0 }
  expect(await changePolicy(platformAdmin, { base: 0, rules, reason: 'nobody yet' })).toEqual({ number: 1 })
  const member = fixture.as(await fixture.person('member'))
  await expect(createSpace(member, wish())).rejects.toMatchObject({ code: 'space_limit' })
  expect(await readPolicy(platformAdmin, {})).toMatchObject({
    number: 1,
    rules,
    versions: [
      {
        number: 1,
        reason: 'nobody yet',
        author: { handle: platformAdmin.actor.handle },
        differences: [{ rule: 'Spaces per person', before: '5', after: '0' }],
      },
    ],
  })
})

test('rules that another process tampered with are never applied', async () => {
  const platformAdmin = await fixture.person('padmin', { platformRole: 'admin' })
  const tampered = { ...fixture.services.configuredRules, spaceLimit: 999_999 }
  await fixture.owner.query(
    `INSERT INTO policy_version (number, rules, reason, author_id, created_at) VALUES (2, $1, 'x', $2, now())`,
    [JSON.stringify(tampered), platformAdmin.userId],
  )
  await expect(createSpace(fixture.as(await fixture.person('member')), wish())).rejects.toMatchObject({
    name: 'ZodError',
  })
})
