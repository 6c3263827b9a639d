import type { FoundAccount } from '#lib/auth/model/decide-account.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { isSuspendedSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { subjectSpellings } from '#lib/kernel/db/people/subject-pseudonym.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'

/** The person signing in: the value of the configured claim, and the `sub`, both from the verified ID token. */
export type SigningIn = { issuer: string; subject: string; subjectClaim: string; sub: string }

export type SigningInAccount = FoundAccount & {
  issuer: string
  subject: string
  oidcSub: string | null
  wasSuspended: boolean
}

/**
 * Locks the rows of the accounts in the order of their ids.
 * @returns the accounts that this sign-in could belong to; those with the provider's own spelling of the issuer first
 */
export async function findSigningIn(tx: Tx, { issuer, subject, sub }: SigningIn): Promise<SigningInAccount[]> {
  const subjects = subjectSpellings(issuer, subject)
  const subs = subjectSpellings(issuer, sub)
  // Until their first sign-in, a provisioned person has the issuer as the configuration spells it.
  const found = await tx.$queryRaw<SigningInAccount[]>(Prisma.sql`
    SELECT u.id, u.handle, u.issuer, u.subject, u.subject_claim AS claim, u.oidc_sub AS "oidcSub", u.deactivated_at IS NOT NULL AS deactivated,
      u.never_signed_in AS "neverSignedIn", u.subject = ANY (${subjects}) AS "hasSubject",
      coalesce(CASE WHEN u.subject_claim = 'sub' THEN u.subject = ANY (${subs}) AND NOT u.never_signed_in ELSE u.oidc_sub = ANY (${subs}) END, FALSE) AS "hasSub",
      u.groups_suspended_at IS NOT NULL OR ${isSuspendedSql('u')} AS "wasSuspended"
    FROM user_account u WHERE u.issuer = ANY (${[issuer, bareIssuer(issuer)]}) AND (u.issuer = ${issuer} OR u.never_signed_in)
      AND (u.subject = ANY (${[...subjects, ...subs]}) OR u.oidc_sub = ANY (${subs}))
    ORDER BY u.id FOR NO KEY UPDATE`)
  return found.sort((a, b) => Number(b.issuer === issuer) - Number(a.issuer === issuer))
}
