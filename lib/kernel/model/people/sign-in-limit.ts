import { parseEmailAddress } from './email-address.ts'

/** Who may sign in at one provider. An empty list sets no limit; both apply together. */
export type SignInLimit = {
  /** The person must be in one of these groups of the provider. */
  signInGroups: readonly string[]
  /** The person’s verified email address must have one of these domains, in lowercase. */
  signInDomains: readonly string[]
}

export const signInRefusals = ['sign_in_group', 'sign_in_domain', 'email_unverified'] as const
export type SignInRefusal = (typeof signInRefusals)[number]

export const isSignInRefusal = (code: string | undefined): code is SignInRefusal =>
  signInRefusals.some((refusal) => refusal === code)

/**
 * Decides whether the operator’s limits allow a person. Domains must match exactly, without subdomains.
 * @param person their effective groups, and their verified address as the provider sent it
 * @returns why not; null: they are allowed
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
