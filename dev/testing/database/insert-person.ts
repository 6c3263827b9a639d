import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'

export type TestPerson = { userId: string; handle: string; name: string; email: string }

/**
 * A person as a sign-in creates them, in one statement.
 * @param readable the handle starts with it
 */
export async function insertPerson(
  owner: Pool,
  readable: string,
  given: { issuer: string; groups?: readonly string[]; platformRole?: PlatformRole; adminUntil?: Date | null },
): Promise<TestPerson> {
  const { issuer, groups = [], platformRole = 'member', adminUntil = null } = given
  const [userId, handle] = [randomUUID(), uniqueName(readable)]
  const email = `${handle}@example.com`
  await owner.query(
    `WITH person AS (
       INSERT INTO user_account (id, issuer, subject, handle, name, email, platform_role, admin_until)
       VALUES ($1::uuid, $2, $1::text, $3, $3, $4, $5::platform_role, $6) RETURNING id)
     INSERT INTO user_group (user_id, "group") SELECT person.id, g FROM person, unnest($7::text[]) g`,
    [userId, issuer, handle, email, platformRole, adminUntil, groups],
  )
  return { userId, handle, name: handle, email }
}
