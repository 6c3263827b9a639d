/** Why a sign-in came to nothing: code → what the person is told, and what to do. */
const sentences = {
  access_denied: 'The identity provider did not let you in. If that is a mistake, ask whoever runs it.',
  sign_in_expired: 'That sign-in took too long, or was begun in another window. Please sign in again.',
  invalid_scope:
    'The identity provider does not know one of the scopes that Spaceport asks for. An operator has to set OIDC_SCOPES.',
  provider_unreachable: 'The identity provider does not answer right now. Try again in a moment.',
  provider_refused:
    'The identity provider’s answer could not be accepted. Try again; if it stays so, tell an operator.',
  groups_overage:
    'You are in more groups than the identity provider puts into its answer, so your rights cannot be told. An operator has to limit the groups that it sends for Spaceport.',
  groups_malformed:
    'The identity provider sent your groups in a form that Spaceport does not accept, so your rights cannot be told. An operator has to look at the groups claim.',
  deactivated: 'Your account is deactivated. Ask a platform admin if this is a mistake.',
  rate_limited: 'Too many sign-ins from your address in a short time. Wait a minute and try again.',
  foreign_origin: 'That sign-in was started from another address than Spaceport’s own. Please sign in from here.',
  trail_unavailable: 'The audit trail cannot be written right now, so nobody can sign in. Try again in a moment.',
  unavailable: 'Signing in does not work right now. Try again in a moment.',
} as const

export type SignInError = keyof typeof sentences

/** @returns the sentence for a code in the sign-in page's URL; null when there is none; any unknown code reads alike */
export function signInSentence(code: string | undefined): string | null {
  if (code === undefined) return null
  return Object.hasOwn(sentences, code) ? sentences[code as SignInError] : sentences.unavailable
}
