export const sessionIdleMs = 3_600_000

/** @returns the last use after which a session is still active at an instant */
export const sessionIdleSince = (at: Date): Date => new Date(at.getTime() - sessionIdleMs)
