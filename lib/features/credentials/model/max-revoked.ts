/** So many credentials are revoked at once, at most: one transaction holds them all. */
export const maxRevoked = 5_000
