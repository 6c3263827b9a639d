/** The most credentials to revoke at once: one transaction locks them all. */
export const maxRevoked = 5_000
