/** Hours for which a kubeconfig needs no fresh sign-in, until a version of the policy says otherwise. */
export const defaultFreshSignInHours = 24

/** For how long a sign-in counts as fresh: enough to come back to a form and send it. */
const freshForMs = 10 * 60_000

/** @param authenticatedAt when the person proved who they are; null: the provider didn’t say */
export const isFresh = (authenticatedAt: Date | null, now: Date): boolean =>
  authenticatedAt !== null && now.getTime() - authenticatedAt.getTime() <= freshForMs
