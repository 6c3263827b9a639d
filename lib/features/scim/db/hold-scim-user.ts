import type { StoredUser } from '#lib/features/scim/protocol/render.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { subjectSpellings } from '#lib/kernel/db/people/subject-pseudonym.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { findScimUser } from './scim-users.ts'

/** The account of a provisioned person. Its row stays locked until the transaction ends. */
export type HeldAccount = {
  userId: string
  handle: string
  name: string
  email: string
  subject: string
  /** The ID token claim that holds the subject. */
  subjectClaim: string
  platformRole: PlatformRole
  deactivated: boolean
  neverSignedIn: boolean
}

const columns = Prisma.sql`u.id AS "userId", u.handle, u.name, u.email, u.subject, u.subject_claim AS "subjectClaim", u.platform_role::text AS "platformRole",
  u.deactivated_at IS NOT NULL AS deactivated, u.never_signed_in AS "neverSignedIn"`

/** @returns a provisioned person, with their rows locked, or null */
export async function holdScimUser(tx: Tx, id: string): Promise<{ account: HeldAccount; user: StoredUser } | null> {
  const [account] = await runSql<HeldAccount>(
    tx,
    Prisma.sql`SELECT ${columns} FROM scim_user su JOIN user_account u ON u.id = su.user_id WHERE su.id = ${id}::uuid
      FOR NO KEY UPDATE`,
  )
  const user = account ? await findScimUser(tx, id) : null
  return account && user ? { account, user } : null
}

/**
 * @param issuers every spelling of the provider's issuer
 * @returns the account that currently signs in with a subject, with its row locked; null if that subject has neither
 *   signed in nor been provisioned
 */
export async function holdAccountOfSubject(
  tx: Tx,
  issuers: readonly string[],
  subject: string,
): Promise<HeldAccount | null> {
  const [account] = await runSql<HeldAccount>(
    tx,
    Prisma.sql`SELECT ${columns} FROM user_account u WHERE u.issuer = ANY (${[...issuers]}::text[]) AND u.subject = ANY (${subjectSpellings(issuers[0] ?? '', subject)}::text[])
      ORDER BY u.never_signed_in, u.last_sign_in_at DESC LIMIT 1 FOR NO KEY UPDATE`,
  )
  return account ?? null
}
