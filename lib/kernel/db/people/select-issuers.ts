import type { Tx } from '#lib/kernel/db/client.ts'
import { breakGlassIssuer } from '#lib/kernel/model/people/break-glass-account.ts'

/**
 * The identity providers of the web processes: those they checked last, or else the provider of the latest sign-in.
 * @returns their issuers, without trailing slashes
 */
export async function selectIssuers(tx: Tx): Promise<string[]> {
  const rows = await tx.$queryRaw<{ issuer: string }[]>`
    SELECT issuer FROM identity_provider WHERE asked_at > (SELECT max(asked_at) FROM identity_provider) - interval '10 minutes'
    UNION ALL (SELECT rtrim(issuer, '/') FROM user_account
      WHERE issuer <> ${breakGlassIssuer} AND NOT EXISTS (SELECT FROM identity_provider) ORDER BY last_sign_in_at DESC LIMIT 1)`
  return rows.map(({ issuer }) => issuer)
}
