import { randomUUID } from 'node:crypto'
import type { Tx } from '#lib/kernel/db/client.ts'

export type ProvisionedAccount = {
  issuer: string
  subject: string
  /** The ID token claim that will hold the subject. */
  subjectClaim: string
  handle: string
  name: string
  email: string
  at: Date
}

/**
 * Adds a person who has never signed in. Spaceport sends no mail to the address until the provider confirms it at a
 * sign-in.
 * @returns false if the handle is taken or the subject already exists
 */
export async function insertProvisionedAccount(tx: Tx, person: ProvisionedAccount): Promise<boolean> {
  const { issuer, subject, subjectClaim, handle, name, email, at } = person
  const added = await tx.$executeRaw`
    INSERT INTO user_account (id, issuer, subject, subject_claim, handle, name, email, email_unverified, created_at, last_sign_in_at, groups_verified_at, never_signed_in)
    VALUES (${randomUUID()}::uuid, ${issuer}, ${subject}, ${subjectClaim}, ${handle}, ${name}, ${email}, true, ${at}, ${at}, ${at}, true)
    ON CONFLICT DO NOTHING`
  return added > 0
}

/** Changes the name and address of a person who has never signed in. After that, sign-ins set them. */
export async function renameProvisionedAccount(
  tx: Tx,
  userId: string,
  { name, email }: { name: string; email: string },
): Promise<void> {
  await tx.user.updateMany({ where: { id: userId, neverSignedIn: true }, data: { name, email } })
}
