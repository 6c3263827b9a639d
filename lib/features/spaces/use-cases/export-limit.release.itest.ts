import { expect, test } from 'vitest'
import { openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { exportSpaces } from './export-spaces.ts'

test('a file of more than 10,000 spaces ends there, with a note', async () => {
  const fixture = await openBrokerFixture({ offline: true })
  try {
    const [admin, owner] = [await fixture.person('admin', { platformRole: 'admin' }), await fixture.person('heap')]
    await fixture.owner.query(
      `INSERT INTO space (id, cluster_id, name, namespace, creation, description, size, owner_id, status, observed_generation)
       SELECT gen_random_uuid(), c.id, 'heap-' || i, 'heap-' || i, 'x', '', 'S', $1, 'ready', 1
       FROM generate_series(1, 10001) i, (SELECT id FROM cluster ORDER BY name LIMIT 1) c`,
      [owner.userId],
    )
    let file = ''
    for await (const part of await exportSpaces(fixture.as(admin), { owner: owner.handle })) file += part
    const lines = file.trimEnd().split('\r\n')
    expect(lines).toHaveLength(1 + 10_000 + 1)
    expect(lines.at(-1)).toMatch(/^,+.*This file ends here/)
  } finally {
    await fixture.close()
  }
}, 120_000)
