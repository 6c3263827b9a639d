/**
 * How long the identity provider’s claims about groups count before roles from groups are suspended; longer while the
 * provider is unavailable. Used in lib/kernel/db/people/group-member-sql.ts.
 */

/** Hours, unless the policy says otherwise. */
export const defaultGroupHours = 24

/** While the provider is unavailable, groups count for twice the policy's hours, but at most this many more. */
export const maxGraceHours = 72

/**
 * The provider is checked once a minute, and is unavailable after this many failures. A database trigger has the same
 * number.
 */
export const awayAfterFailures = 5

/**
 * Pushed memberships don't age while tokens are in use. After this many unused days, they count for the policy's hours,
 * like claims.
 */
export const idleDays = 14
