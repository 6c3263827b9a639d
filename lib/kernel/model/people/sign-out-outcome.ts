/** The result of a sign-out: code → what the person sees. Claims nothing unknown about the provider's session. */
const outcomes = {
  both: {
    kind: 'ok',
    title: 'You are signed out',
    text: 'Your session here and at the identity provider has ended.',
  },
  asked: {
    kind: 'ok',
    title: 'You are signed out here',
    text: 'The identity provider asked about its own session. If you didn’t end it there, it may still be open.',
  },
  here: {
    kind: 'warn',
    title: 'You are signed out here only',
    text: 'Your session at the identity provider may still be open. If others use this browser, sign out there too.',
  },
  already: {
    kind: 'warn',
    title: 'You were already signed out',
    text: 'Your session here had already ended. Your session at the identity provider may still be open. If others use this browser, sign out there too.',
  },
  failed: {
    kind: 'bad',
    title: 'You are not signed out',
    text: 'Sign-out isn’t working right now. Try again in a moment.',
  },
} as const

export type SignOutOutcome = keyof typeof outcomes
export type SignOutNotice = (typeof outcomes)[SignOutOutcome]

/** Outcomes of a round trip to the provider, shown only to the browser that made it. */
const proven: readonly SignOutOutcome[] = ['both', 'asked']

/**
 * @param state the sign-in page's query: an outcome, maybe with the random value from the provider
 * @param left the state that this browser was sent with, from its cookie
 * @returns what to show; null if the state isn't this browser's
 */
export function signOutNotice(state: string | undefined, left: string | undefined): SignOutNotice | null {
  const [outcome = ''] = state?.split('.') ?? []
  if (!Object.hasOwn(outcomes, outcome)) return null
  const known = outcome as SignOutOutcome
  const holds = proven.includes(known) ? state === left : state === known
  return holds ? outcomes[known] : null
}
