import { randomUUID } from 'node:crypto'
import type { Stack } from '#dev/stack/stack-options.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { type BenchDatabase, createDatabase } from './create-database.ts'

export type SeededDatabase = BenchDatabase & { adminId: string; memberId: string }

/** Per person, the policy's default. */
const spacesEach = 5

/**
 * Creates a database with a number of spaces, their people and their usage, and an admin.
 * @param name the database’s
 */
export async function seedSpaces(stack: Stack, name: string, count: number): Promise<SeededDatabase> {
  const issuer = stack.env.web.OIDC_ISSUER ?? ''
  const { ownerUrl, urls } = await createDatabase(stack, name)
  const adminId = randomUUID()
  const people = count / spacesEach
  await ownerSql(
    ownerUrl,
    `INSERT INTO user_account (id, issuer, subject, handle, name, email, platform_role)
     VALUES ($1, $2, 'admin', 'bench-admin', 'Bench Admin', 'admin@example.com', 'admin')`,
    [adminId, issuer],
  )
  await ownerSql(
    ownerUrl,
    `INSERT INTO user_account (id, issuer, subject, handle, name, email)
     SELECT gen_random_uuid(), $1::text, 'p' || n, 'person-' || n, 'Person ' || n, 'person-' || n || '@example.com'
     FROM generate_series(1, ${people}) n`,
    [issuer],
  )
  await ownerSql(
    ownerUrl,
    `INSERT INTO space (id, cluster_id, name, namespace, creation, description, size, owner_id, status, observed_generation, namespace_uid, first_ready_at, created_at)
     SELECT gen_random_uuid(), c.id, 'space-' || lpad(n::text, 6, '0'), 'space-' || lpad(n::text, 6, '0'), 'x',
       (ARRAY['shop', 'billing', 'search', 'reports', 'mobile'])[1 + n % 5] || ' of team ' || n % 20, 'M', u.id, 'ready', 1,
       gen_random_uuid()::text, now(), now() - n * interval '1 minute'
     FROM generate_series(1, ${count}) n CROSS JOIN cluster c
       JOIN user_account u ON u.handle = 'person-' || (1 + (n - 1) / ${spacesEach})`,
  )
  await ownerSql(
    ownerUrl,
    `INSERT INTO space_usage (space_id, usage, observed_at) SELECT id, $1::jsonb, now() FROM space`,
    [JSON.stringify([{ resource: 'requests.cpu', used: '250m', hard: '4', ratio: 0.0625 }])],
  )
  // Each person is also in a space of their neighbour's.
  await ownerSql(
    ownerUrl,
    `INSERT INTO space_grant (id, space_id, user_id, role, starts_at)
     SELECT gen_random_uuid(), s.id, u.id, 'editor', now() - interval '1 hour' FROM space s
       JOIN user_account o ON o.id = s.owner_id JOIN user_account u ON u.handle = 'person-' || (substr(o.handle, 8)::int + 1)
     WHERE s.name LIKE '%0'`,
  )
  await ownerSql(ownerUrl, 'ANALYZE')
  const [member] = await ownerSql(ownerUrl, `SELECT id FROM user_account WHERE handle = 'person-3'`)
  return { ownerUrl, urls, adminId, memberId: String(member?.id) }
}
