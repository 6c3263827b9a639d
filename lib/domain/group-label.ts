/**
 * @param issuer the provider that the group is of; null: the configured one
 * @returns how a group is called on a page: two providers may each have a group of one name
 */
export const groupLabel = (name: string, issuer: string | null): string =>
  issuer === null ? name : `${name} (of ${issuer})`
