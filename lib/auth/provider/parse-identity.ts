/**
 * Identifies the person from the verified ID token. The claim must never come from elsewhere: userinfo isn't signed,
 * and people may change parts of it.
 */
import { isTokenId } from '#lib/auth/model/token-id.ts'

export type Identity = {
  /** OIDC_SUBJECT_CLAIM */
  claim: string
  /** Its value, which identifies the person here and in SCIM. */
  subject: string
  /** The person's id at the provider, in logout tokens and userinfo too. */
  sub: string
}

/** @returns null if the ID token lacks the claim, or its value isn't 1 to 255 printable ASCII characters */
export function parseIdentity(idToken: Readonly<Record<string, unknown>>, claim: string): Identity | null {
  const [subject, sub] = [own(idToken, claim), own(idToken, 'sub')]
  return isTokenId(subject) && isTokenId(sub) ? { claim, subject, sub } : null
}

const own = (claims: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(claims, name) ? claims[name] : undefined
