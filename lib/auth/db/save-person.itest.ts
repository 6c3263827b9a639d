import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { untilBlockedBy } from '#dev/testing/database/until-blocked.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { savePerson } from './save-person.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  // Postgres may return rows in any order. This keeps it from using an index's order, as on a large table.
  const { ownerDatabaseUrl } = await ownDatabase()
  const name = new URL(ownerDatabaseUrl).pathname.slice(1)
  for (const way of ['nestloop', 'mergejoin', 'indexscan'])
    await ownerSql(ownerDatabaseUrl, `ALTER DATABASE ${name} SET enable_${way} = off`)
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

/** Spaces in which a group has a role, those with greater ids created first, and a person who joins the group. */
async function makeScene() {
  const [owner, joiner] = await Promise.all([fixture.person('owner'), fixture.person('joiner')])
  const group = `g-${randomUUID()}`
  const ids = Array.from({ length: 12 }, () => randomUUID()).sort()
  const { rows } = await fixture.owner.query('SELECT issuer, subject FROM user_account WHERE id = $1', [joiner.userId])
  for (const id of ids.toReversed()) {
    await fixture.owner.query(
      `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status)
       SELECT $1::uuid, id, $2, $2, 'x', 'S', $3::uuid, 'ready' FROM cluster WHERE name = 'default'`,
      [id, `r-${id}`, owner.userId],
    )
    await fixture.owner.query(
      `INSERT INTO space_grant (id, space_id, "group", group_issuer, role, starts_at) VALUES (gen_random_uuid(), $1, $2, $3, 'viewer', now())`,
      [id, group, bareIssuer(rows[0].issuer)],
    )
  }
  const signIn = () =>
    savePerson(
      fixture.services.db,
      {
        ...rows[0],
        name: 'x',
        email: 'x',
        emailUnverified: false,
        groups: [group],
        leftOut: [],
        platformRoleOf: () => 'member',
        at: new Date(),
      },
      () => `h-${randomUUID()}`,
      async () => {},
    )
  const [low = '', ...others] = ids
  return { joiner, low, others, signIn }
}

const lockSpaces = (client: pg.PoolClient, spaces: readonly string[], how = '') =>
  client.query(`SELECT 1 FROM space WHERE id = ANY ($1) FOR NO KEY UPDATE ${how}`, [spaces])

/** Runs while a sign-in waits for a space that another transaction has locked. */
async function whileItWaits(
  scene: { low: string; signIn(): Promise<unknown> },
  run: (client: pg.PoolClient) => Promise<unknown>,
) {
  const client = await fixture.owner.connect()
  try {
    await client.query('BEGIN')
    await lockSpaces(client, [scene.low])
    const signedIn = scene.signIn().then(
      () => 'signed in',
      (error: unknown) => String(error),
    )
    await untilBlockedBy(client, fixture.owner)
    try {
      await run(client)
    } finally {
      await client.query('ROLLBACK')
    }
    expect(await signedIn).toBe('signed in')
  } finally {
    client.release()
  }
}

const giveRole = (client: pg.PoolClient, space: string, to: Actor) =>
  client.query(
    `INSERT INTO space_grant (id, space_id, user_id, role, starts_at) VALUES (gen_random_uuid(), $1, $2, 'viewer', now())`,
    [space, to.userId],
  )

test('a sign-in and a grant to the same person do not deadlock', async () => {
  const scene = await makeScene()
  await whileItWaits(scene, (client) => giveRole(client, scene.low, scene.joiner))
})

test('a sign-in locks the spaces of its groups in the order of their ids', async () => {
  const scene = await makeScene()
  await whileItWaits(scene, (client) => lockSpaces(client, scene.others, 'NOWAIT'))
})
