/**
 * @param issuer the provider that the group comes from; null: the configured one
 * @returns the group's label on a page: two providers may each have a group of the same name
 */
export const groupLabel = (name: string, issuer: string | null): string =>
  issuer === null ? name : `${name} (of ${issuer})`

/** @returns how many of a group's members have signed in, and so are known, in words */
export const membersInWords = (people: number): string =>
  people === 0 ? 'nobody has signed in yet' : `${people} ${people === 1 ? 'person has' : 'people have'} signed in`
