/** A session ends after this time without use, in milliseconds. */
export const sessionIdleMs = 3_600_000

/** @returns the instant after which a session must have been used to be alive at another */
export const sessionIdleSince = (at: Date): Date => new Date(at.getTime() - sessionIdleMs)
