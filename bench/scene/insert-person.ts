import { randomBytes, randomUUID } from 'node:crypto'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { makeToken } from '#lib/kernel/credentials/token.ts'

/** A person with spaces that exist only in the database, and a credential for all of them. */
export type SeededPerson = { token: string; namespace: string; userId: string; handle: string }

/** @returns the person, with one of their namespaces */
export async function insertPerson(ownerUrl: string, spaces = 1): Promise<SeededPerson> {
  const handle = uniqueName('bench')
  const userId = randomUUID()
  await ownerSql(
    ownerUrl,
    `INSERT INTO user_account (id, issuer, subject, handle, name, email)
     VALUES ($1::uuid, 'https://bench.example.com', $1::text, $2::text, $2::text, $2::text || '@example.com')`,
    [userId, handle],
  )
  await ownerSql(
    ownerUrl,
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, observed_generation, namespace_uid, first_ready_at)
     SELECT gen_random_uuid(), c.id, $2 || '-' || n, $2 || '-' || n, 'x', 'S', $1, 'ready', 1, gen_random_uuid()::text, now()
     FROM generate_series(1, $3::int) n CROSS JOIN cluster c`,
    [userId, handle, spaces],
  )
  const { token } = await insertCredential(ownerUrl, userId)
  return { token, namespace: `${handle}-1`, userId, handle }
}

/** @returns another credential for all spaces of a person */
export async function insertCredential(ownerUrl: string, userId: string): Promise<{ id: string; token: string }> {
  const { token, hash } = makeToken(randomBytes)
  const id = randomUUID()
  await ownerSql(
    ownerUrl,
    `INSERT INTO credential (id, user_id, token_hash, ends_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [id, userId, hash],
  )
  return { id, token }
}
