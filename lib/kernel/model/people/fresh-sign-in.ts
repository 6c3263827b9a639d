/** Hours for which a kubeconfig needs no fresh sign-in, unless the policy says otherwise. */
export const defaultFreshSignInHours = 24

/** How long a sign-in counts as fresh: enough to return to a form and send it. */
const freshForMs = 10 * 60_000

/** @param authenticatedAt when the person last authenticated; null: the provider didn’t say */
export const isFresh = (authenticatedAt: Date | null, now: Date): boolean =>
  authenticatedAt !== null && now.getTime() - authenticatedAt.getTime() <= freshForMs
