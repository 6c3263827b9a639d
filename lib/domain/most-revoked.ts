/** So many credentials are revoked at once, at most: one transaction holds them all. */
export const mostRevoked = 5_000
