/**
 * For how long the identity provider’s word about a person’s groups counts. Their roles from groups pause when it is
 * older than the policy allows, and longer while the provider is away. lib/kernel/db/people/group-member-sql.ts decides by these.
 */

/** Hours until a version of the policy says otherwise. */
export const defaultGroupHours = 24

/** While the provider is away, groups count for as many hours again as the policy says, but at most for so many. */
export const maxGraceHours = 72

/** The provider is asked once a minute, and away after so many questions without an answer. A trigger knows it too. */
export const awayAfterFailures = 5

/**
 * Pushed memberships don't age while tokens are in use. After so many days without any use, they count for as many more
 * hours as the policy says, like what a sign-in named.
 */
export const idleDays = 14
