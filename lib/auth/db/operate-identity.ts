/** Queries of the operator's command for accounts, run as the owner of the tables. */

import type { Tx } from '#lib/kernel/db/client.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'

export type IdentifiedAccount = {
  id: string
  handle: string
  /** Without trailing slashes. */
  issuer: string
  claim: string
  oidcSub: string | null
  deactivated: boolean
}

/**
 * Locks the account with a handle.
 * @returns null: there is none
 */
export async function lockByHandle(tx: Tx, handle: string): Promise<IdentifiedAccount | null> {
  const [account] = await tx.$queryRaw<IdentifiedAccount[]>`
    SELECT id, handle, rtrim(issuer, '/') AS issuer, subject_claim AS claim, oidc_sub AS "oidcSub", deactivated_at IS NOT NULL AS deactivated
    FROM user_account WHERE handle = ${handle} FOR UPDATE`
  return account ?? null
}

/**
 * Identifies an account by the `sub` of its ID tokens again, until its next sign-in. Its row is locked, and has an
 * `oidcSub`.
 */
export async function returnToSub(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE user_account SET subject = oidc_sub, subject_claim = 'sub', oidc_sub = NULL WHERE id = ${id}::uuid AND oidc_sub IS NOT NULL`
}

/**
 * Sets which claim the subjects of provisioned people are who have never signed in.
 * @returns how many rows changed
 */
export const claimProvisioned = (tx: Tx, issuer: string, claim: string): Promise<number> =>
  tx.$executeRaw`
    UPDATE user_account u SET subject_claim = ${claim}
    WHERE rtrim(u.issuer, '/') = ${bareIssuer(issuer)} AND u.never_signed_in AND u.subject_claim <> ${claim} AND u.deactivated_at IS NULL
      AND EXISTS (SELECT FROM scim_user su WHERE su.user_id = u.id)`
