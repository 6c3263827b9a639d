import { parseEmailAddress } from './email-address.ts'

/** Who may sign in at one provider. An empty list sets no limit; with both, a person has to satisfy both. */
export type SignInLimit = {
  /** Groups of that provider, one of which the person has to be in. */
  signInGroups: readonly string[]
  /** Domains in lowercase, one of which the person’s verified e-mail address has to have. */
  signInDomains: readonly string[]
}

/** Why a person may not sign in although the provider vouches for them. */
export const signInRefusals = ['sign_in_group', 'sign_in_domain', 'email_unverified'] as const
export type SignInRefusal = (typeof signInRefusals)[number]

/** @returns whether a code says that the operator’s limits keep the person out */
export const isSignInRefusal = (code: string | undefined): code is SignInRefusal =>
  signInRefusals.some((refusal) => refusal === code)

/**
 * Decides whether a person is within the operator’s limits. A domain is compared exactly: its subdomains are others.
 * @param person their groups that count, and the address that the provider says it has verified, as it is
 * @returns why they are not; null: they are
 */
export function decideSignIn(
  { groups, verifiedEmail }: { groups: readonly string[]; verifiedEmail: string | null },
  { signInGroups, signInDomains }: SignInLimit,
): SignInRefusal | null {
  if (signInDomains.length > 0) {
    if (verifiedEmail === null) return 'email_unverified'
    const email = parseEmailAddress(verifiedEmail)
    if (!email || !signInDomains.includes(email.domain)) return 'sign_in_domain'
  }
  if (signInGroups.length > 0 && !groups.some((group) => signInGroups.includes(group))) return 'sign_in_group'
  return null
}
