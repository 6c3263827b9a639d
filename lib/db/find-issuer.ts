import { sealedIssuer } from '#lib/domain/sealed-account.ts'
import type { Tx } from './client.ts'

/** @returns the identity provider of the latest sign-in, without trailing slashes; empty: nobody has signed in yet */
export async function findIssuer(tx: Tx): Promise<string> {
  const rows = await tx.$queryRaw<{ issuer: string }[]>`
    SELECT rtrim(issuer, '/') AS issuer FROM user_account WHERE issuer <> ${sealedIssuer} ORDER BY last_sign_in_at DESC LIMIT 1`
  return rows[0]?.issuer ?? ''
}
