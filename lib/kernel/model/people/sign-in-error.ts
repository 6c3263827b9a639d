/** Why a sign-in failed: code → what the person sees, and what to do. */
const sentences = {
  access_denied:
    'The identity provider didn’t let you in. If you think this is a mistake, contact the people who run it.',
  sign_in_expired: 'That sign-in took too long or was started in another window. Sign in again.',
  invalid_scope:
    'The identity provider doesn’t know one of the scopes that Spaceport asks for. An operator needs to set OIDC_SCOPES.',
  provider_unreachable: 'The identity provider isn’t responding right now. Try again in a moment.',
  no_provider: 'There is no identity provider at the configured address. An operator needs to check OIDC_ISSUER.',
  wrong_issuer:
    'The identity provider reports a different issuer from the one configured. An operator needs to correct OIDC_ISSUER.',
  no_algorithm:
    'The identity provider doesn’t offer a signing algorithm that Spaceport accepts. An operator needs to check OIDC_ALGORITHMS.',
  provider_refused:
    'Spaceport couldn’t accept the identity provider’s answer. Try again. If it keeps happening, tell an operator.',
  groups_overage:
    'You are in more groups than the identity provider can send, so Spaceport can’t tell what you’re allowed to do. An operator needs to limit the groups that it sends to Spaceport.',
  groups_malformed:
    'The identity provider sent your groups in a format that Spaceport can’t read, so it can’t tell what you’re allowed to do. An operator needs to check the groups claim.',
  sign_in_group:
    'Only members of certain groups can sign in here, and you aren’t in one of them. Ask the people who run Spaceport to add you to a group, then sign in again.',
  sign_in_domain:
    'Only people with an email address of certain domains can sign in here, and yours isn’t one of them. If you used the wrong account, sign out at the identity provider and sign in with your company account. Otherwise, ask the people who run Spaceport.',
  email_unverified:
    'The identity provider hasn’t verified your email address, and Spaceport needs a verified one to let you sign in. Verify it there, then sign in again. If you can’t, ask the people who run Spaceport.',
  groups_unreachable:
    'You are in more groups than the identity provider can send, and Microsoft Graph, which lists them, isn’t responding right now. Try again in a moment.',
  groups_not_permitted:
    'You are in more groups than the identity provider can send, and Microsoft Graph didn’t let Spaceport read them. An operator needs to grant GroupMember.Read.All and add it to OIDC_SCOPES.',
  subject_missing:
    'The identity provider didn’t send the claim that says who you are, or not in a form that Spaceport can use. An operator needs to add the claim to ID tokens, or to correct OIDC_SUBJECT_CLAIM.',
  accounts_conflict:
    'Several accounts here could be yours. An operator needs to find their handles in the audit trail and join them.',
  break_glass_refused:
    'That code doesn’t work. Each code works once. Check what you typed, or ask an operator for a new one.',
  auth_time_missing:
    'The identity provider didn’t say when you last proved who you are (auth_time), so Spaceport can’t make a long-lived kubeconfig for you. Choose a shorter lifetime, or tell an operator.',
  not_fresh:
    'The identity provider didn’t ask you to sign in again: what it confirmed is older than ten minutes. Try again, or choose a shorter lifetime.',
  deactivated: 'Your account is deactivated. Ask a platform admin if this is a mistake.',
  rate_limited: 'Too many sign-ins in a short time. Wait a minute and try again.',
  foreign_origin: 'That sign-in was started from another site. Sign in from here.',
  trail_unavailable: 'The audit trail can’t be written right now, so no one can sign in. Try again in a moment.',
  unavailable: 'Sign-in isn’t working right now. Try again in a moment.',
} as const

export type SignInError = keyof typeof sentences

export const signInErrors = Object.keys(sentences) as SignInError[]

export const isSignInError = (text: string): text is SignInError => (signInErrors as readonly string[]).includes(text)

/** @returns whether a code means that a sign-in wasn’t fresh: an earlier session then stays signed in */
export const isFreshnessError = (code: string | undefined): boolean =>
  code === ('auth_time_missing' satisfies SignInError) || code === ('not_fresh' satisfies SignInError)

/** @returns the sentence for a code in the sign-in page's URL; null without one; the same for all unknown codes */
export function signInSentence(code: string | undefined): string | null {
  if (code === undefined) return null
  return sentences[isSignInError(code) ? code : 'unavailable']
}
